// What can be said of the process and its machine. Measured in src/telemetry, shown by get_stats and snapshots.

/** Facts about the process and its machine, measured when asked. */
export interface MachineFacts {
  readonly processId: number;
  /** Percent of one core since the last question. */
  readonly cpuUsage: number;
  readonly totalCpuUsage: number;
  readonly memoryUsage: number;
  readonly totalMemory: number;
  readonly availableMemory: number;
  /** Microseconds. */
  readonly runTime: number;
  /** Microseconds since 1970. */
  readonly startTime: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly hostname: string;
  readonly osName: string;
  readonly osVersion: string;
  readonly kernelVersion: string;
  readonly serverVersion: string;
  readonly serverSemver: number;
  readonly threadsCount: number;
  readonly freeDiskSpace: number;
  readonly totalDiskSpace: number;
}
