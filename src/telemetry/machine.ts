// Facts about the process and its machine, measured when asked: what get_stats answers besides the catalog's counters.
import { readFileSync, statfsSync } from 'node:fs';
import { cpus, freemem, hostname, type as osType, release, totalmem, version } from 'node:os';
import type { MachineFacts } from '../lib/machine_facts.ts';

/** Measures one machine. */
export interface Machine {
  facts(): MachineFacts;
}

const microsPerMs = 1000;

/** Measures this process; disk space is that of the data folder's file system. */
export function systemMachine(dataFolder: string, serverVersion: string): Machine {
  const startedAtMs = Date.now() - Math.round(process.uptime() * 1000);
  let lastProcess = process.cpuUsage();
  let lastTotal = totalCpu();
  let lastAt = performance.now();
  return {
    facts() {
      const used = process.cpuUsage(lastProcess);
      const elapsedMs = Math.max(1, performance.now() - lastAt);
      const total = totalCpu();
      const busy = (total.busy - lastTotal.busy) / Math.max(1, total.all - lastTotal.all);
      lastProcess = process.cpuUsage();
      lastTotal = total;
      lastAt = performance.now();
      const { bsize, bavail, blocks } = statfsSync(dataFolder);
      const io = processIo();
      return {
        processId: process.pid,
        cpuUsage: ((used.user + used.system) / microsPerMs / elapsedMs) * 100,
        totalCpuUsage: busy * 100,
        memoryUsage: process.memoryUsage.rss(),
        totalMemory: totalmem(),
        availableMemory: freemem(),
        runTime: Math.round(process.uptime() * 1e6),
        startTime: startedAtMs * microsPerMs,
        readBytes: io.read,
        writtenBytes: io.written,
        hostname: hostname(),
        osName: osType(),
        osVersion: version(),
        kernelVersion: release(),
        serverVersion,
        serverSemver: semverNumber(serverVersion),
        threadsCount: cpus().length,
        freeDiskSpace: bsize * bavail,
        totalDiskSpace: bsize * blocks,
      };
    },
  };
}

function totalCpu(): { busy: number; all: number } {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    const sum = times.user + times.nice + times.sys + times.irq + times.idle;
    busy += sum - times.idle;
    all += sum;
  }
  return { busy, all };
}

/** Bytes that reached or left the disk; zeros where the kernel does not tell. */
function processIo(): { read: number; written: number } {
  let text: string;
  try {
    text = readFileSync('/proc/self/io', 'utf8');
  } catch {
    return { read: 0, written: 0 };
  }
  const value = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return { read: value('read_bytes'), written: value('write_bytes') };
}

/** 0.8.0 → 8000, as the reference packs it. */
function semverNumber(text: string): number {
  const [major = 0, minor = 0, patch = 0] = text.split(/[.-]/).map(Number);
  return major * 1_000_000 + minor * 1000 + patch;
}
