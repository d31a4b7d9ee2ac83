// The address of a spot: #/as/U0AMINA/channel/C123/thread/TS, #/as/U0AMINA/channel/C123/at/TS or #/as/U0AMINA/app/home.

const PERMALINK = /\/archives\/([^/]+)\/p(\d+)(\d{6})(?:\?(?:.*&)?thread_ts=([\d.]+))?/;

/** The spot that one of Slack's permalinks means, or null. */
export function permalinkSpot(address) {
  const found = PERMALINK.exec(address);
  if (!found) return null;
  const [, channel, seconds, micros, thread] = found;
  return { channel, thread: thread ?? null, at: `${seconds}.${micros}` };
}

/** {person, channel, thread, at, app} from the address bar; what is missing is null. */
export function readRoute() {
  const permalink = location.hash ? null : permalinkSpot(location.pathname + location.search);
  if (permalink) return { person: null, app: null, ...permalink };
  const words = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const after = (word) => {
    const place = words.indexOf(word);
    return place >= 0 ? words[place + 1] || null : null;
  };
  const tab = after("app");
  return { person: after("as"), channel: after("channel"), thread: after("thread"), at: after("at"), app: tab };
}

/** The hash of a spot, for links and for the address bar. */
export function hashOf({ person, channel, thread, at, app }) {
  let hash = `#/as/${encodeURIComponent(person)}`;
  if (app) return `${hash}/app/${app}`;
  if (channel) hash += `/channel/${encodeURIComponent(channel)}`;
  if (thread) hash += `/thread/${thread}`;
  if (at) hash += `/at/${at}`;
  return hash;
}

export function go(route) {
  location.hash = hashOf(route);
}
