// What a snapshot tells of the machine: its file system and the server's own process. Other processes of the machine are none of its business.
import type { MachineFacts } from '../lib/machine_facts.ts';
import type { Machine } from './machine.ts';

/** The parts that come from the machine, each as lines of `name: value`. */
export function machineParts(machine: Machine, dataFolder: string) {
  const lines = (names: readonly (keyof MachineFacts)[], extra: Readonly<Record<string, string>> = {}): string => {
    const facts = machine.facts();
    const entries = [...Object.entries(extra), ...names.map((name) => [name, String(facts[name])] as const)];
    return entries.map(([name, value]) => `${name}: ${value}\n`).join('');
  };
  return {
    filesystemOverview: () => lines(['freeDiskSpace', 'totalDiskSpace'], { dataFolder }),
    processList: () => lines(['processId', 'startTime', 'runTime', 'memoryUsage', 'cpuUsage', 'threadsCount']),
    resourceUsage: () =>
      lines([
        'cpuUsage',
        'totalCpuUsage',
        'memoryUsage',
        'availableMemory',
        'totalMemory',
        'readBytes',
        'writtenBytes',
      ]),
  };
}
