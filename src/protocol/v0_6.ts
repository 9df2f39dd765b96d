// Generation 0.6 (server 0.6.0, SDK 0.8.0): ids from 0 and given by the server, messages with 56-byte headers.
import { commands } from '../../generated/v0_6/protocol.ts';
import { batchesV06 } from './batches_v0_5.ts';
import { classicProtocol, loginBeforeSendsAndValues, statusOfWireError } from './classic.ts';
import { keyedFromZero } from './partition_keys.ts';
import type { Protocol } from './protocol.ts';

export const v06: Protocol = classicProtocol({
  name: 'v0_6',
  idBase: 0,
  commands,
  rules: {
    singleGetsHide: 'refusals',
    missingParentListsNothing: false,
    groupsNeedTheirTopic: false,
    offsetsNeedTheirPartition: false,
    neverStoredOffsetIsZero: false,
    overDeletingPartitionsDeletesAll: false,
    missingNamesHaveOwnStatus: false,
    namesAreNormalized: false,
    emptyPartitionsTakeNoOffset: false,
    membersAreShownByClientId: false,
    membersPollOnlyTheirOwn: false,
    membersBeginAtTheirFirst: true,
    strangersMayNamePartitions: false,
    strangersMayLeaveGroups: false,
    strangersPollNothing: false,
    logoutEndsEverything: false,
    settingsAreOptions: false,
    messageOverhead: 56,
    loginComesFirst: loginBeforeSendsAndValues,
  },
  batches: batchesV06,
  statusOf: statusOfWireError,
  keyedPartition: keyedFromZero,
});
