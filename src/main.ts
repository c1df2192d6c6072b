// The server process: read configuration, compose, listen; on SIGTERM or SIGINT stop listening, drain, close.
// First: what it listens to is printed while the others are loaded.
import './kernel/runtime-notice.ts';
import { composeServer } from './compose.ts';
import { openOperatorFiles } from './compose-files.ts';
import { composeFoundation, type Foundation } from './compose-foundation.ts';
import type { Configuration } from './config/configuration.ts';
import { loadConfiguration } from './config/load.ts';
import { hasAdministrator } from './domain/access/administrators.ts';
import { createClientSecretKeeper } from './domain/clients/client-secret-keeper.ts';
import { setPasswordUrl } from './domain/credentials/set-password-url.ts';
import { applyDeclarationFile } from './domain/declaration/apply-declaration-file.ts';
import { ensureFirstAdministrator, type FirstAdministrator } from './domain/lifecycle/ensure-first-administrator.ts';
import { prepareInstallation } from './domain/lifecycle/prepare-installation.ts';
import { tables } from './domain/tables.ts';
import { describe } from './endpoints/http/app.tsx';
import { listen } from './endpoints/http/listen.ts';
import { systemActor } from './kernel/actor.ts';
import { DomainError } from './kernel/errors.ts';
import { createLogger } from './kernel/logger.ts';
import { releaseStartMemory } from './kernel/release-start-memory.ts';
import { runtimeNotice } from './kernel/runtime-notice.ts';
import { StartRefused } from './kernel/start-refused.ts';
import { migrate } from './persistence/migrate.ts';
import { openDatabase } from './persistence/open-database.ts';

const DRAIN_WITHIN_MS = 20_000;

const notice = runtimeNotice();
const result = loadConfiguration(process.env, process.cwd());
if (!result.ok) {
  console.error(
    ['Doorward cannot start with these settings:', ...result.problems.map((problem) => `  - ${problem}`)].join('\n'),
  );
  process.exit(1);
}
const { configuration } = result;
const isTerminal = process.stdout.isTTY === true;
const logger = createLogger({ level: configuration.logLevel, pretty: isTerminal });
const onError = (error: unknown, source: string) =>
  logger.error({ source, error: describe(error) }, 'a part of the server failed');
const report = (progress: string) => console.error(progress);

try {
  await serve();
  // A start that is refused says that alone.
  if (notice !== undefined) report(notice);
} catch (error) {
  if (!(error instanceof StartRefused || error instanceof DomainError)) throw error;
  console.error(error.message);
  process.exit(1);
}

async function serve(): Promise<void> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const part of closers.splice(0).reverse()) await part();
  };
  stopOnSignal(close);
  try {
    const files = await openOperatorFiles(configuration);
    const database = await openDatabase({
      databaseUrl: configuration.databaseUrl,
      dataDir: configuration.dataDir,
      poolSize: configuration.databasePoolSize,
      entities: tables,
      purpose: configuration.issuer,
      share: false,
      report,
      onConnectionError: (error) => onError(error, 'database connection'),
    });
    closers.push(database.close);
    await migrate(database.dataSource, report);
    const parts = { configuration, ...files, database, logger, onError };
    const foundation = await composeFoundation(parts);
    closers.push(foundation.stop);
    const administrator = await prepare(configuration, foundation);
    const server = composeServer(parts, foundation);
    closers.push(server.stop);
    const listener = await listen({
      hosts: configuration.hosts,
      port: configuration.port,
      tls: configuration.tls,
      handle: server.handle,
      answerBroken: server.answerBroken,
    });
    closers.push(async () => {
      server.drain();
      await listener.close(DRAIN_WITHIN_MS);
    });
    welcome(configuration, administrator, database.location).forEach(say);
    releaseStartMemory();
  } catch (error) {
    await close();
    throw error;
  }
}

/** Everything that must be so before the first request is answered. */
async function prepare(settings: Configuration, foundation: Foundation): Promise<FirstAdministrator> {
  const { transact, hashing, read, clock } = foundation;
  await transact(systemActor('start'), (tx) => prepareInstallation(tx, settings));
  if (settings.applyFile !== undefined) await applyAtStart(settings.applyFile, foundation);
  const { email, password } = settings.firstAdministrator ?? {};
  const isNeeded = password !== undefined && !(await hasAdministrator(read, clock.now()));
  const passwordHash = isNeeded ? await hashing.hashPassword(password) : undefined;
  return transact(systemActor('start'), (tx) => ensureFirstAdministrator(tx, { email, passwordHash }));
}

/** Quietly when nothing changes; a file that cannot be applied stops the start with every fault it has. */
async function applyAtStart(path: string, { pool, read, transact, hashing, keyRing }: Foundation): Promise<void> {
  const keeper = createClientSecretKeeper(keyRing);
  const { steps, notes } = await applyDeclarationFile(
    { pool, read, transact, hashPassword: hashing.hashPassword, keeper },
    path,
  );
  if (steps.length > 0) report(`Applied ${path}: ${steps.length} ${steps.length === 1 ? 'change' : 'changes'}`);
  for (const note of notes) report(`  ${note}`);
}

function welcome({ issuer }: Configuration, administrator: FirstAdministrator, location: string | undefined): string[] {
  const lines = [`Doorward is ready: ${issuer}/`, `  sign in: ${issuer}/account`];
  if (location !== undefined) lines.push(`  data:    ${location}`);
  if (administrator.state === 'invited') {
    lines.push(
      `First administrator: ${administrator.userName}, set a password here (once, within 24 hours): ${setPasswordUrl(issuer, administrator.token)}`,
    );
  }
  if (administrator.state === 'created')
    lines.push(`First administrator: ${administrator.userName}, password as given in DOORWARD_ADMIN_PASSWORD`);
  return lines;
}

function stopOnSignal(close: () => Promise<void>): void {
  let isStopping = false;
  const stop = async (reason: string) => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ reason }, 'stopping: answers under way are finished first');
    await close().catch((error: unknown) => onError(error, 'shutdown'));
    logger.flush(() => process.exit(0));
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  // The launcher's end of the channel closes when it is killed: then nobody is left to stop us.
  process.on('disconnect', () => void stop('the launcher ended'));
}

/** What a person at the terminal, or whoever reads the log, needs to know; shown whatever the log level. */
function say(line: string): void {
  process.stdout.write(
    isTerminal ? `${line}\n` : `${JSON.stringify({ level: 'info', time: new Date().toISOString(), msg: line })}\n`,
  );
}
