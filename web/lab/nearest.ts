// The nearest of some names to one that is none of them.

/** Name with the fewest letters to change, add or take away. */
export function nearestName(wanted: string, names: readonly string[]): string {
  let best = names[0] ?? "";
  for (const name of names) {
    if (editDistance(wanted, name) < editDistance(wanted, best)) best = name;
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
