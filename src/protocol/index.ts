// All generations by name, oldest first.
import type { ClassicName, GenerationName } from './protocol.ts';
import type { ProtocolSet } from './sniff.ts';
import { v04, v04WithoutErrorText } from './v0_4.ts';
import { v05 } from './v0_5.ts';
import { v06 } from './v0_6.ts';
import { v08 } from './v0_8.ts';
import { v09 } from './v0_9.ts';

export const classicNames: readonly ClassicName[] = ['v0_4', 'v0_5', 'v0_6', 'v0_8'];

export const generationNames: readonly GenerationName[] = [...classicNames, 'v0_9'];

export const protocols: ProtocolSet = {
  byName: { v0_4: v04, v0_5: v05, v0_6: v06, v0_8: v08, v0_9: v09 },
  v04WithoutErrorText,
};
