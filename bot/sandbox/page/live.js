// The open line to the sandbox: hears of each change, and comes back by itself when the line drops.

/** Opens the line for one person and returns what closes it. `hear` gets each message, `lineIs` gets true and false. */
export function openLine(person, hear, lineIs) {
  let socket = null;
  let timer = null;
  let wait = 250;
  let wanted = true;

  function connect() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/sandbox/live?as=${encodeURIComponent(person)}`);
    socket.onopen = () => {
      wait = 250;
      lineIs(true);
    };
    socket.onmessage = (event) => hear(JSON.parse(event.data));
    socket.onclose = () => {
      if (!wanted) return;
      lineIs(false);
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, 5000);
    };
  }

  connect();
  return () => {
    wanted = false;
    clearTimeout(timer);
    socket.close();
  };
}

/** Runs `task` soon, once for a burst of calls, and never twice at the same time. */
export function settled(task, delay) {
  let timer = null;
  let running = false;
  let again = false;
  return async function ask() {
    if (running) {
      again = true;
      return;
    }
    if (timer) return;
    timer = setTimeout(async () => {
      timer = null;
      running = true;
      try {
        await task();
      } finally {
        running = false;
        if (again) {
          again = false;
          ask();
        }
      }
    }, delay);
  };
}
