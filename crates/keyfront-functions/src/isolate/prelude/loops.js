// Two loops without an end, for counting the engine's ticks.
function () {
  return { spin() { for (;;); }, count(cell) { for (;;) cell.iterations++; } };
}
