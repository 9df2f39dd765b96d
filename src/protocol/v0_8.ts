// Generation 0.8 (servers 0.7 and 0.8, SDK 0.9 and 0.10): ids from 0, messages with 64-byte headers as stored.
import { commands } from '../../generated/v0_8/protocol.ts';
import { batchesV08 } from './batches_v0_8.ts';
import { classicProtocol, loginBeforeSendsAndValues, statusOfWireError } from './classic.ts';
import { keyedFromZero } from './partition_keys.ts';
import type { Protocol } from './protocol.ts';

export const v08: Protocol = classicProtocol({
  name: 'v0_8',
  idBase: 0,
  commands,
  rules: {
    singleGetsHide: 'none',
    missingParentListsNothing: true,
    groupsNeedTheirTopic: false,
    offsetsNeedTheirPartition: false,
    neverStoredOffsetIsZero: false,
    overDeletingPartitionsDeletesAll: false,
    missingNamesHaveOwnStatus: false,
    namesAreNormalized: false,
    emptyPartitionsTakeNoOffset: true,
    membersAreShownByClientId: false,
    membersPollOnlyTheirOwn: true,
    membersBeginAtTheirFirst: true,
    strangersMayNamePartitions: false,
    strangersMayLeaveGroups: false,
    strangersPollNothing: false,
    logoutEndsEverything: false,
    settingsAreOptions: false,
    messageOverhead: 64,
    loginComesFirst: loginBeforeSendsAndValues,
  },
  batches: batchesV08,
  statusOf: statusOfWireError,
  keyedPartition: keyedFromZero,
});
