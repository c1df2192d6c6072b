import type { MigrationInterface } from 'typeorm';
import { CreateFoundation1780000000000 } from '../../migrations/1780000000000-create-foundation.ts';
import { AddUserAttributes1782000000000 } from '../../migrations/1782000000000-add-user-attributes.ts';
import { AddUserStatus1782000100000 } from '../../migrations/1782000100000-add-user-status.ts';
import { KeepDeletedUsers1782000200000 } from '../../migrations/1782000200000-keep-deleted-users.ts';
import { AddUserAttributeDefinitions1782000300000 } from '../../migrations/1782000300000-add-user-attribute-definitions.ts';
import { IsolateDeliveryTargets1783000000000 } from '../../migrations/1783000000000-isolate-delivery-targets.ts';
import { AddSignalStreams1783000100000 } from '../../migrations/1783000100000-add-signal-streams.ts';
import { AddMail1785000000000 } from '../../migrations/1785000000000-add-mail.ts';
import { AddSignUps1785000100000 } from '../../migrations/1785000100000-add-sign-ups.ts';
import { AddGroupInclusions1786000000000 } from '../../migrations/1786000000000-add-group-inclusions.ts';
import { AddMembershipRules1786000100000 } from '../../migrations/1786000100000-add-membership-rules.ts';
import { AddSecondFactors1787000000000 } from '../../migrations/1787000000000-add-second-factors.ts';
import { AddBulkImports1788000000000 } from '../../migrations/1788000000000-add-bulk-imports.ts';
import { AddProvisioningTargets1789000000000 } from '../../migrations/1789000000000-add-provisioning-targets.ts';
import { AddOrganizations1790000000000 } from '../../migrations/1790000000000-add-organizations.ts';
import { IsolateOrganizations1790000100000 } from '../../migrations/1790000100000-isolate-organizations.ts';
import { AddOrganizationInvitations1790000200000 } from '../../migrations/1790000200000-add-organization-invitations.ts';
import { AddPasskeys1791000000000 } from '../../migrations/1791000000000-add-passkeys.ts';
import { AddEmailSignIns1791100000000 } from '../../migrations/1791100000000-add-email-sign-ins.ts';
import { IndexOwnActivity1792000000000 } from '../../migrations/1792000000000-index-own-activity.ts';
import { AddEmailChanges1792000100000 } from '../../migrations/1792000100000-add-email-changes.ts';
import { AddNotMeLinks1792000200000 } from '../../migrations/1792000200000-add-not-me-links.ts';
import { AddTrustedDevices1792000300000 } from '../../migrations/1792000300000-add-trusted-devices.ts';
import { AddFactorRecoveries1792000400000 } from '../../migrations/1792000400000-add-factor-recoveries.ts';
import { FollowPeriods1793000000000 } from '../../migrations/1793000000000-follow-periods.ts';
import { AddReconciliations1793000100000 } from '../../migrations/1793000100000-add-reconciliations.ts';
import { AddScimAttributes1793000200000 } from '../../migrations/1793000200000-add-scim-attributes.ts';
import { MarkDeliveriesInHand1793000300000 } from '../../migrations/1793000300000-mark-deliveries-in-hand.ts';
import { IndexStanding1793000400000 } from '../../migrations/1793000400000-index-standing.ts';
import { OrderKeysByCodePoints1793100000000 } from '../../migrations/1793100000000-order-keys-by-code-points.ts';
import { AddSignalTransmitters1793100100000 } from '../../migrations/1793100100000-add-signal-transmitters.ts';
import { AddBrandings1794100000000 } from '../../migrations/1794100000000-add-brandings.ts';
import { AddPolicies1796000000000 } from '../../migrations/1796000000000-add-policies.ts';
import { AddAgreements1796000100000 } from '../../migrations/1796000100000-add-agreements.ts';
import { DeclareOrganizations1797100000000 } from '../../migrations/1797100000000-declare-organizations.ts';
import { AddOrganizationDomains1797100100000 } from '../../migrations/1797100100000-add-organization-domains.ts';
import { KeepUploads1797200000000 } from '../../migrations/1797200000000-keep-uploads.ts';
import { RemindOfFactorRecoveries1797300000000 } from '../../migrations/1797300000000-remind-of-factor-recoveries.ts';
import { KeepWhoSuspendedOrganizations1797300100000 } from '../../migrations/1797300100000-keep-who-suspended-organizations.ts';
import { AddGroupOwners1797300200000 } from '../../migrations/1797300200000-add-group-owners.ts';
import { AddContentOfImports1797300300000 } from '../../migrations/1797300300000-add-content-of-imports.ts';

/** Append-only once landed, oldest first. The class name ends in the timestamp; TypeORM orders by it. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  CreateFoundation1780000000000,
  AddUserAttributes1782000000000,
  AddUserStatus1782000100000,
  KeepDeletedUsers1782000200000,
  AddUserAttributeDefinitions1782000300000,
  IsolateDeliveryTargets1783000000000,
  AddSignalStreams1783000100000,
  AddMail1785000000000,
  AddSignUps1785000100000,
  AddGroupInclusions1786000000000,
  AddMembershipRules1786000100000,
  AddSecondFactors1787000000000,
  AddBulkImports1788000000000,
  AddProvisioningTargets1789000000000,
  AddOrganizations1790000000000,
  IsolateOrganizations1790000100000,
  AddOrganizationInvitations1790000200000,
  AddPasskeys1791000000000,
  AddEmailSignIns1791100000000,
  IndexOwnActivity1792000000000,
  AddEmailChanges1792000100000,
  AddNotMeLinks1792000200000,
  AddTrustedDevices1792000300000,
  AddFactorRecoveries1792000400000,
  FollowPeriods1793000000000,
  AddReconciliations1793000100000,
  AddScimAttributes1793000200000,
  MarkDeliveriesInHand1793000300000,
  IndexStanding1793000400000,
  OrderKeysByCodePoints1793100000000,
  AddSignalTransmitters1793100100000,
  AddBrandings1794100000000,
  AddPolicies1796000000000,
  AddAgreements1796000100000,
  DeclareOrganizations1797100000000,
  AddOrganizationDomains1797100100000,
  KeepUploads1797200000000,
  RemindOfFactorRecoveries1797300000000,
  KeepWhoSuspendedOrganizations1797300100000,
  AddGroupOwners1797300200000,
  AddContentOfImports1797300300000,
];
