// Every scenario that is written by hand, for flows that drawing seldom meets.
import { accountScripts } from './account_scripts.ts';
import { groupScripts } from './group_scripts.ts';
import { messageScripts } from './message_scripts.ts';
import { resourceScripts } from './resource_scripts.ts';
import type { Script } from './script.ts';
import { serverScripts } from './server_scripts.ts';

export const scripts: readonly Script[] = [
  ...resourceScripts,
  ...messageScripts,
  ...groupScripts,
  ...accountScripts,
  ...serverScripts,
];
