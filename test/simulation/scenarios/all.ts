// All short scenarios.
import type { Scenario } from '../enumerate.ts';
import { catalogScenarios } from './catalog.ts';
import { faultScenarios } from './faults.ts';
import { featureScenarios } from './features.ts';
import { messageScenarios } from './messages.ts';
import { offsetScenarios } from './offsets.ts';
import { optionScenarios } from './options.ts';

/** On a disk that does what it is asked for. */
export const goodScenarios: readonly Scenario[] = [
  ...messageScenarios,
  ...catalogScenarios,
  ...offsetScenarios,
  ...featureScenarios,
  ...optionScenarios,
];

export const scenarios: readonly Scenario[] = [...goodScenarios, ...faultScenarios];
