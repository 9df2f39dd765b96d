// All short scenarios.
import type { Scenario } from '../enumerate.ts';
import { catalogScenarios } from './catalog.ts';
import { faultScenarios } from './faults.ts';
import { messageScenarios } from './messages.ts';
import { offsetScenarios } from './offsets.ts';

export const scenarios: readonly Scenario[] = [
  ...messageScenarios,
  ...catalogScenarios,
  ...offsetScenarios,
  ...faultScenarios,
];
