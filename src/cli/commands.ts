import { applyCommand } from './apply.ts';
import type { Command } from './command.ts';
import { configCheckCommand, configPrintCommand } from './config.ts';
import { migrateCommand } from './migrate.ts';
import { startCommand } from './start.ts';
import { usersResetPasswordCommand } from './users-reset-password.ts';

/** In the order in which help shows them. */
export const commands: readonly Command[] = [
  startCommand,
  migrateCommand,
  applyCommand,
  usersResetPasswordCommand,
  configCheckCommand,
  configPrintCommand,
];
