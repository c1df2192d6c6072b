// The duties, composed and started: what runs without being asked.

import type { ComposeParts, Foundation } from './compose-foundation.ts';
import type { ComposedMail } from './compose-mail.ts';
import { provisioningParts } from './compose-provisioning.ts';
import { composeSettlement } from './compose-settlement.ts';
import { signalKeys } from './compose-signals.ts';
import { createTxtLookup } from './connectors/look-up-txt.ts';
import type { OutboundFetch } from './connectors/outbound-fetch.ts';
import { provisionAccount } from './connectors/scim-provisioning.ts';
import { readAccounts } from './connectors/scim-reconciliation.ts';
import { eraseDeletedUsers } from './domain/lifecycle/erase-deleted-users.ts';
import { recheckDomains } from './domain/organizations/recheck-domains.ts';
import { PROVISIONING_DUE } from './domain/provisioning/provisioning-target.ts';
import { RECONCILIATION_DUE } from './domain/provisioning/reconciliation.ts';
import { BACKCHANNEL_LOGOUT_DUE } from './domain/sessions/backchannel-logout.ts';
import { expireRecords } from './domain/sessions/expire-records.ts';
import { SIGNAL_POLL, SIGNAL_PUSH } from './domain/signals/signal-events.ts';
import type { ProviderHost } from './endpoints/oidc/parts.ts';
import { expirePoll, pushSignal } from './endpoints/signals/push-signal.ts';
import { startCheckingDomains } from './workers/check-domains.ts';
import { startCompletingReceipts } from './workers/complete-receipts.ts';
import { type OutboxHandler, startDispatchingOutbox } from './workers/dispatch-outbox.ts';
import { startErasingDeletedUsers } from './workers/erase-deleted-users.ts';
import { startExpiringRecords } from './workers/expire-records.ts';
import { startRotatingKeys } from './workers/rotate-keys.ts';
import { importHandler } from './workers/run-imports.ts';
import { startRunningLifecycle } from './workers/run-lifecycle.ts';
import type { Duty } from './workers/schedule.ts';
import { startSealingAudit } from './workers/seal-audit.ts';
import { startSummingUpRefusals } from './workers/sum-up-refusals.ts';

const daysBefore = (moment: Date, days: number): Date => new Date(moment.getTime() - days * 86_400_000);

type DutyParts = { readonly provider: ProviderHost; readonly mail: ComposedMail; readonly fetch: OutboundFetch };

export function startDuties(
  { configuration, onError }: ComposeParts,
  foundation: Foundation,
  { provider, mail, fetch }: DutyParts,
): readonly Duty[] {
  const { pool, read, clock, changes, transact, keyRing, kek, refusals } = foundation;
  const { issuer, deletedUserRetentionDays, inactiveAfterDays, factorRecoveryDays } = configuration;
  const lookUpTxt = createTxtLookup({ servers: configuration.dnsServers });
  const provisioning = provisioningParts(foundation, fetch);
  const handlers = new Map<string, OutboxHandler>([
    [
      BACKCHANNEL_LOGOUT_DUE,
      ({ id, payload }, signal) => provider.clients.deliverBackchannelLogout({ id, notice: payload as never }, signal),
    ],
    [SIGNAL_PUSH, pushSignal({ ...signalKeys(foundation, issuer), read, fetch })],
    [SIGNAL_POLL, expirePoll({ read })],
    [PROVISIONING_DUE, provisionAccount(provisioning)],
    [RECONCILIATION_DUE, readAccounts(provisioning)],
    importHandler({ read, transact }),
    mail.handler,
  ]);
  const receipts = startCompletingReceipts({
    transact,
    issuer,
    signingKey: () => keyRing.active('EdDSA'),
    changes,
    onError,
  });
  return [
    startDispatchingOutbox({
      pool,
      clock,
      handlers,
      settle: composeSettlement(foundation),
      changes,
      onError,
    }),
    receipts,
    startRunningLifecycle({ pool, read, transact, clock, inactiveAfterDays, factorRecoveryDays, onError }),
    startExpiringRecords({ purge: () => expireRecords(pool, clock.now()), onError }),
    startErasingDeletedUsers({
      erase: () => eraseDeletedUsers({ read, transact }, daysBefore(clock.now(), deletedUserRetentionDays)),
      onError,
    }),
    startCheckingDomains({ check: () => recheckDomains({ read, transact, lookUpTxt }, clock.now()), onError }),
    startRotatingKeys({ transact, ring: keyRing, keyEncryptionKey: kek.key, onError }),
    startSummingUpRefusals({ refusals, transact, clock, onError }),
    startSealingAudit({ pool, now: clock.now, signingKey: () => keyRing.active('EdDSA'), onError }),
  ];
}
