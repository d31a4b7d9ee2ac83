// Shows instants in a person's zone: clock times, days, and the tokens of Slack's date format.

const formats = new Map();
const NUMERIC = {
  year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
};

function formatter(zone, options, locale = "en-US") {
  const key = locale + zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, { ...options, timeZone: zone }));
  return formats.get(key);
}

const shown = (epoch, zone, options) => formatter(zone, options).format(epoch * 1000);

function parts(epoch, zone) {
  const found = {};
  for (const { type, value } of formatter(zone, NUMERIC, "en-GB").formatToParts(epoch * 1000)) found[type] = value;
  return found;
}

/** "14:05" */
export function clockTime(epoch, zone) {
  const { hour, minute } = parts(epoch, zone);
  return `${hour}:${minute}`;
}

/** "14:05:09" */
export function clockTimeWithSeconds(epoch, zone) {
  const { hour, minute, second } = parts(epoch, zone);
  return `${hour}:${minute}:${second}`;
}

/** "2026-11-03" */
export function dayKey(epoch, zone) {
  const { year, month, day } = parts(epoch, zone);
  return `${year}-${month}-${day}`;
}

/** The hour of the day, 0 to 23. */
export const hourOf = (epoch, zone) => Number(parts(epoch, zone).hour);

/** "Tue 3 Nov" */
export function shortDay(epoch, zone) {
  const weekday = shown(epoch, zone, { weekday: "short" });
  return `${weekday} ${Number(parts(epoch, zone).day)} ${shown(epoch, zone, { month: "short" })}`;
}

/** "Kathmandu" for Asia/Kathmandu. */
export const zoneCity = (zone) => zone.split("/").at(-1).replaceAll("_", " ");

function ordinal(day) {
  const ending = day % 100 >= 11 && day % 100 <= 13 ? "th" : ["th", "st", "nd", "rd"][day % 10] ?? "th";
  return `${day}${ending}`;
}

function longDate(epoch, zone) {
  const { year, day } = parts(epoch, zone);
  return `${shown(epoch, zone, { month: "long" })} ${ordinal(Number(day))}, ${year}`;
}

const shortDate = (epoch, zone) => shown(epoch, zone, { month: "short", day: "numeric", year: "numeric" });
const weekdayDate = (epoch, zone) => `${shown(epoch, zone, { weekday: "long" })}, ${longDate(epoch, zone)}`;

/** "today", "yesterday" or "tomorrow" when the instant lies there, otherwise null. */
function nearDay(epoch, zone, now) {
  const day = dayKey(epoch, zone);
  if (day === dayKey(now, zone)) return "today";
  if (day === dayKey(now - 86400, zone)) return "yesterday";
  return day === dayKey(now + 86400, zone) ? "tomorrow" : null;
}

/** "Today", "Yesterday" or "Tuesday, November 3rd": the line between two days of messages. */
export function dayLine(epoch, zone, now) {
  const near = nearDay(epoch, zone, now);
  if (near) return near[0].toUpperCase() + near.slice(1);
  const full = weekdayDate(epoch, zone);
  return parts(epoch, zone).year === parts(now, zone).year ? full.replace(/, \d{4}$/, "") : full;
}

/** "3 minutes ago", "in 2 hours" */
export function ago(epoch, now) {
  const seconds = Math.round(now - epoch);
  const size = Math.abs(seconds);
  const [count, unit] =
    size < 60 ? [size, "second"] : size < 3600 ? [Math.floor(size / 60), "minute"]
    : size < 86400 ? [Math.floor(size / 3600), "hour"] : [Math.floor(size / 86400), "day"];
  if (size < 5) return "now";
  const amount = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return seconds >= 0 ? `${amount} ago` : `in ${amount}`;
}

const TOKENS = {
  day_divider_pretty: (epoch, zone, now) => nearDay(epoch, zone, now) ?? dayLine(epoch, zone, now),
  date_slash: (epoch, zone) => dayKey(epoch, zone).split("-").reverse().join("/"),
  date_long_full: (epoch, zone) => longDate(epoch, zone),
  date_num: (epoch, zone) => dayKey(epoch, zone),
  date: (epoch, zone) => longDate(epoch, zone),
  date_short: (epoch, zone) => shortDate(epoch, zone),
  date_long: (epoch, zone) => weekdayDate(epoch, zone),
  date_pretty: (epoch, zone, now) => nearDay(epoch, zone, now) ?? longDate(epoch, zone),
  date_short_pretty: (epoch, zone, now) => nearDay(epoch, zone, now) ?? shortDate(epoch, zone),
  date_long_pretty: (epoch, zone, now) => nearDay(epoch, zone, now) ?? weekdayDate(epoch, zone),
  time: (epoch, zone) => clockTime(epoch, zone),
  time_secs: (epoch, zone) => clockTimeWithSeconds(epoch, zone),
  ago: (epoch, zone, now) => ago(epoch, now),
};

/** A date format such as "{date_short_pretty} {time}" filled in; an unknown token is left as it is. */
export function filledDate(format, epoch, zone, now) {
  return format.replace(/\{(\w+)\}/g, (whole, token) => TOKENS[token]?.(epoch, zone, now) ?? whole);
}

/** "2026-11-03T14:05" in the zone, as a datetime field wants it. */
export function wallTime(epoch, zone) {
  return `${dayKey(epoch, zone)}T${clockTime(epoch, zone)}`;
}

/** The instant at which clocks of the zone show this wall time; in a gap, the instant just after it. */
export function instantOf(wall, zone) {
  const asUtc = Date.parse(`${wall}:00Z`) / 1000;
  const offset = (epoch) => Date.parse(`${wallTime(epoch, zone)}:00Z`) / 1000 - epoch;
  const guess = asUtc - offset(asUtc);
  return asUtc - offset(guess);
}
