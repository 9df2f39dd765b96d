// Makes a failing list shorter: leaves parts out, large ones first, as long as it still fails.

/** The shortest list found that still fails, `items` at worst. `fails` may be asked often; `isOver` ends the search. */
export async function shrink<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => boolean | Promise<boolean>,
  isOver: () => boolean,
): Promise<readonly Item[]> {
  let smallest = items;
  let size = Math.ceil(items.length / 2);
  while (size >= 1 && !isOver()) {
    let isSmaller = false;
    // From the end: what comes after the failure goes first.
    for (let end = smallest.length; end > 0 && !isOver(); end -= size) {
      const without = [...smallest.slice(0, Math.max(0, end - size)), ...smallest.slice(end)];
      if (without.length === smallest.length || !(await fails(without))) continue;
      smallest = without;
      isSmaller = true;
    }
    if (size === 1 && !isSmaller) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return smallest;
}
