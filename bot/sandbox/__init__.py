"""A local Slack: Web API, Socket Mode, signed HTTP delivery and a page; it imports nothing of the rest of the house.

server.py           wires the rest and runs it in a thread of its own
clock.py later.py   the time that people see, and what falls due in it
records.py          people, channels, messages, views as they are kept, and as Slack shows them
workspace.py        what can happen to channels; messages.py and modals.py to what is in them; groups.py to user groups
files.py            what was uploaded
installed.py        the app under test, as its manifest describes it
web_api.py api/     the road of a Web API call; the methods, one file per family
checks.py elements.py rich_text.py blocks.py views.py values.py   Block Kit: what is refused, and what people enter
events.py payloads.py typed.py                       what the app is told
deliveries.py socket_mode.py http_delivery.py        how it reaches the app, and what the app answers
interactions.py triggers.py response_urls.py         what people do, and what comes of the answer
people.py page_api.py live.py seen.py                people, for tests and for the page
faults.py limits.py wires.py                         misbehaviour on request
coverage.py                                          what is covered, what is not, what is only likely
"""
