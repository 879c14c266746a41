import { type ProcessTree, stopProcesses, survivors } from '@firstchance/target';

/** Ends every process of a tree. One may start another between our look and its end: look again until nobody is left. */
export async function stopTree(tree: ProcessTree): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    tree.look();
    const left = survivors(tree);
    if (left.length === 0) return;
    await stopProcesses(left);
  }
}
