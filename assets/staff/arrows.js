// Moves the focus along what was found with the arrow keys; the first stop is the box that was typed into. At the ends it stays.
export function along(stops, event) {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const at = stops.indexOf(event.target);
  if (!by || at < 0 || stops.length === 1) return false;
  stops[Math.max(0, Math.min(stops.length - 1, at + by))].focus();
  event.preventDefault();
  return true;
}
