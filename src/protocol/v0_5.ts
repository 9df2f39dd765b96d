// Generation 0.5 (server 0.5.0, SDK 0.7.0): ids from 1 as in 0.4, names verbatim, messages with 56-byte headers.
import { commands } from '../../generated/v0_5/protocol.ts';
import { batchesV05 } from './batches_v0_5.ts';
import { classicProtocol, loginBeforeSendsAndValues, statusOfWireError } from './classic.ts';
import { keyedFromOne } from './partition_keys.ts';
import type { Protocol } from './protocol.ts';

export const v05: Protocol = classicProtocol({
  name: 'v0_5',
  idBase: 1,
  commands,
  rules: {
    singleGetsHide: 'every',
    missingParentListsNothing: false,
    groupsNeedTheirTopic: false,
    offsetsNeedTheirPartition: false,
    neverStoredOffsetIsZero: false,
    overDeletingPartitionsDeletesAll: true,
    missingNamesHaveOwnStatus: true,
    namesAreNormalized: false,
    emptyPartitionsTakeNoOffset: false,
    membersAreShownByClientId: true,
    membersPollOnlyTheirOwn: false,
    membersBeginAtTheirFirst: true,
    strangersMayNamePartitions: true,
    strangersMayLeaveGroups: true,
    strangersPollNothing: false,
    logoutEndsEverything: false,
    settingsAreOptions: false,
    messageOverhead: 56,
    loginComesFirst: loginBeforeSendsAndValues,
  },
  batches: batchesV05,
  statusOf: statusOfWireError,
  keyedPartition: keyedFromOne,
});
