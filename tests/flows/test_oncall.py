"""`/oncall`: who has the pager now."""

from tests.flows.people import Someone
from tests.flows.world import World


def test_every_schedule_is_told(noor: Someone) -> None:
    told = noor.types("/oncall").shows("First line: @Luis Herrera (bogota), until 2026-03-03 02:00 UTC")
    told.shows("Second line: @Andrés Pardo", "Platform: @Mateo Silva", "ML engineering: @Noor Haddad", "@Tomás Vega")
    noor.types("/oncall platfrom").shows("There is no schedule “platfrom”. Did you mean `/oncall platform`?")


def test_one_is_told_by_its_key_or_its_name(world: World, noor: Someone) -> None:
    for name in ("l1", "L1", "first line"):
        noor.types(f"/oncall {name}").shows("First line: @Luis Herrera").does_not_show("Second line")
    world.passes(hours=7)
    noor.types("/oncall l1").shows("First line: @Sita Gurung (kathmandu), until 2026-03-03 10:00 UTC")
