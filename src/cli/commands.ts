import { applyCommand } from './apply.ts';
import { auditCommands } from './audit.ts';
import { backupCommand } from './backup.ts';
import { compileBreachedPasswordsCommand } from './breached-passwords.ts';
import { clientCommands } from './clients.ts';
import type { Command } from './command.ts';
import { configCheckCommand, configPrintCommand } from './config.ts';
import { deletedUserCommands } from './deleted-users.ts';
import { doctorCommand } from './doctor.ts';
import { doctorRequestCommand } from './doctor-request.ts';
import { explainCommands } from './explain.ts';
import { exportCommand } from './export.ts';
import { exportCommands } from './export-files.ts';
import { importCommands } from './import-files.ts';
import { initialAccessTokenCommand } from './initial-access-token.ts';
import { inviteCommand } from './invite.ts';
import { keyCommands } from './keys.ts';
import { migrateCommand } from './migrate.ts';
import { policyCommands } from './policies.ts';
import { provisioningCommands } from './provisioning.ts';
import { receiptCommands } from './receipts.ts';
import { recoverAdminCommand } from './recover-admin.ts';
import { restoreCommand } from './restore.ts';
import { accessCommands } from './roles.ts';
import { startCommand } from './start.ts';
import { userCommands } from './users.ts';

/** In the order in which help shows them. */
export const commands: readonly Command[] = [
  startCommand,
  migrateCommand,
  applyCommand,
  exportCommand,
  ...userCommands,
  inviteCommand,
  ...importCommands,
  ...exportCommands,
  recoverAdminCommand,
  ...deletedUserCommands,
  ...clientCommands,
  initialAccessTokenCommand,
  ...accessCommands,
  ...explainCommands,
  ...policyCommands,
  ...keyCommands,
  ...auditCommands,
  ...receiptCommands,
  ...provisioningCommands,
  backupCommand,
  restoreCommand,
  compileBreachedPasswordsCommand,
  configCheckCommand,
  configPrintCommand,
  doctorCommand,
  doctorRequestCommand,
];
