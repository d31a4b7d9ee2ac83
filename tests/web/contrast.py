"""How well the texts of the page stand out: the contrast ratio of WCAG 2.2 from the colours the browser has."""

from playwright.sync_api import Page

FAINTEST = 4.5  # WCAG's AA for text of ordinary size

_SCRIPT = """
(faintest) => {
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
    .getContext("2d", { willReadFrequently: true });
  const over = (below, css) => {
    pen.fillStyle = `rgb(${below.join()})`;
    pen.fillRect(0, 0, 1, 1);
    pen.fillStyle = css;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const behind = (node) => {
    if (!node) return [255, 255, 255];
    return over(behind(node.parentElement), getComputedStyle(node).backgroundColor);
  };
  const bright = (colour) => {
    const [red, green, blue] = colour.map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const found = [];
  const walker = document.createTreeWalker(document.getElementById("app"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const words = walker.currentNode.textContent.trim();
    if (!words || node.closest("[aria-hidden=true]")) continue;
    if (!node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const back = behind(node);
    const [dark, light] = [bright(back), bright(over(back, getComputedStyle(node).color))].sort((a, b) => a - b);
    const ratio = (light + 0.05) / (dark + 0.05);
    if (ratio < faintest) found.push(`${ratio.toFixed(1)}: ${words} (${node.className || node.tagName})`);
  }
  return found;
}
"""


def faint_texts(page: Page, faintest: float = FAINTEST) -> list[str]:
    """What can be seen there and contrasts less, each with its ratio."""
    found: list[str] = page.evaluate(_SCRIPT, faintest)
    return found
