// `npm run bench [-- --seconds 4 --rounds 3 --only refresh --no-write] [-- --leaver | --directory | --passkeys | --sign-ins]`: Doorward and the bare library side by side.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureDirectory } from './directory.mjs';
import { adminSearch, signingUnderLoad } from './extras.mjs';
import { drive, percentile } from './http-client.mjs';
import { measureLeavers } from './leaver.mjs';
import { measurePasskeys } from './passkeys.mjs';
import { writeReport } from './report.mjs';
import { scenarios } from './scenarios.mjs';
import { canPin, onClientCore, startBare, startDoorward } from './servers.mjs';
import { measureSignIns } from './sign-ins.mjs';

const root = join(import.meta.dirname, '..');
const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '16' },
    only: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
    leaver: { type: 'boolean', default: false },
    directory: { type: 'boolean', default: false },
    passkeys: { type: 'boolean', default: false },
    'sign-ins': { type: 'boolean', default: false },
  },
});

// A sign-in runs much code, each part of it seldom: before this it is not yet compiled as it stays.
const WARM_UP_REQUESTS = 2500;

if (canPin && process.env.BENCH_PINNED === undefined) {
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `await (await import(${JSON.stringify(join(root, 'scripts', 'setup.mjs'))})).setUp()`,
    ],
    { stdio: 'inherit' },
  );
  const child = onClientCore(process.argv[1], process.argv.slice(2));
  process.exitCode = await new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
} else {
  await main();
}

async function main() {
  const alone = [
    [options.leaver, measureLeavers],
    [options.directory, measureDirectory],
    [options.passkeys, () => measurePasskeys({ seconds: Number(options.seconds) })],
    [options['sign-ins'], () => measureSignIns({ seconds: Number(options.seconds) })],
  ].find(([isWanted]) => isWanted);
  if (alone) {
    for (const line of await alone[1]()) console.log(line);
    return;
  }
  const connections = Number(options.connections);
  const chosen = scenarios.filter(({ name }) => options.only === undefined || name.includes(options.only));
  const bare = await startBare();
  const doorward = await startDoorward({ people: connections });
  const rows = [];
  try {
    const idleMegabytes = await idleMemory(doorward);
    for (const scenario of chosen) {
      const row = await compare(scenario, bare, doorward, connections);
      rows.push(row);
      console.log(format(row));
    }
    const again = await startAgain(doorward, connections);
    const facts = { idleMegabytes, ...again, machine: machine(), versions: versions() };
    console.log(
      `idle memory ${idleMegabytes.idle.toFixed(0)} MB (just started: ${idleMegabytes.started.toFixed(0)} MB), first discovery answer on an existing data directory ${again.firstAnswerSeconds.toFixed(2)} s`,
    );
    if (options.only !== undefined) return;
    await bare.stop();
    const extra = await measureExtras();
    if (!options['no-write']) writeReport(join(root, 'docs', 'reference', 'performance.md'), rows, { ...facts, extra });
  } finally {
    await bare.stop();
    await doorward.stop();
  }
}

async function measureExtras() {
  const signing = await signingUnderLoad({ seconds: Number(options.seconds) * 2 });
  const search = await adminSearch({ people: 200_000, requests: 200 });
  const slowest = search.reduce((worst, row) => (row.p95 > worst.p95 ? row : worst));
  const lines = [
    `Signing latency p99 with eight sign-ins at cost 12 under way: ${signing.underSignIns.toFixed(1)} ms; beside an equal CPU load in another process: ${signing.besideBurner.toFixed(1)} ms; ratio ${(signing.underSignIns / signing.besideBurner).toFixed(2)} (wanted: at most 3). Sign-ins per second meanwhile: ${signing.signInsPerSecond.toFixed(1)}.`,
    `Admin user list and search over 200,000 users, p95 of the slowest (${slowest.name}, ${slowest.page} page): ${slowest.p95.toFixed(1)} ms (wanted: at most 50). ${search.map((row) => `${row.name} ${row.page} ${row.p95.toFixed(1)}`).join(', ')}.`,
  ];
  lines.push(...(await measureSignIns({ seconds: Number(options.seconds) })));
  lines.push(...(await measurePasskeys({ seconds: Number(options.seconds) })));
  lines.push(...(await measureDirectory()), ...(await measureLeavers()));
  for (const line of lines) console.log(line);
  return lines;
}

async function compare(scenario, bare, doorward, connections) {
  const steps = new Map([
    [bare, await scenario.prepare(bare, connections)],
    [doorward, await scenario.prepare(doorward, connections)],
  ]);
  const samples = new Map([
    [bare, []],
    [doorward, []],
  ]);
  for (const server of steps.keys()) await warmUp(server, steps.get(server), connections);
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const server of steps.keys()) samples.get(server).push(await measure(server, steps.get(server), connections));
  }
  const [b, d] = [median(samples.get(bare)), median(samples.get(doorward))];
  const row = { name: scenario.name, bare: b, doorward: d, ratio: d.perSecond / b.perSecond };
  if (scenario.cpuAtMost === undefined) {
    return { ...row, wanted: `≥ ${scenario.needed}`, isReached: row.ratio >= scenario.needed };
  }
  const cpu = (d.nodeMicros - (await scenario.excludedMicros())) / b.nodeMicros;
  const wanted = `server CPU without the hash ≤ ${scenario.cpuAtMost} ×: ${cpu.toFixed(2)} ×`;
  return { ...row, wanted, isReached: cpu <= scenario.cpuAtMost };
}

/** By count, not by time: the slower server would otherwise be measured with colder code. */
async function warmUp({ address }, step, connections) {
  for (let done = 0, rounds = 0; done < WARM_UP_REQUESTS && rounds < 15; rounds += 1)
    done += (await drive({ address, connections, seconds: 1, step })).done;
}

async function measure(server, step, connections) {
  const before = await server.cpuSeconds();
  const { done, perSecond, latencies } = await drive({
    address: server.address,
    connections,
    seconds: Number(options.seconds),
    step,
  });
  const after = await server.cpuSeconds();
  const micro = (part) => ((after[part] - before[part]) / done) * 1e6;
  return {
    perSecond,
    nodeMicros: micro('node'),
    postgresMicros: micro('postgres'),
    p50: percentile(latencies, 50),
    p99: percentile(latencies, 99),
  };
}

function median(samples) {
  const sorted = [...samples].sort((a, b) => a.perSecond - b.perSecond);
  return sorted[Math.floor(sorted.length / 2)];
}

function format({ name, wanted, isReached, bare, doorward, ratio }) {
  return `${name.padEnd(36)} bare ${bare.perSecond.toFixed(0).padStart(6)}/s  doorward ${doorward.perSecond.toFixed(0).padStart(6)}/s  ratio ${ratio.toFixed(2)} (${wanted}, ${isReached ? 'reached' : 'SHORT'})  CPU µs/request: bare ${bare.nodeMicros.toFixed(0)}, node ${doorward.nodeMicros.toFixed(0)}, postgres ${doorward.postgresMicros.toFixed(0)}  p99 ${doorward.p99.toFixed(1)} ms`;
}

async function idleMemory(server) {
  const after = async (seconds) => {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return server.memoryMegabytes();
  };
  return { started: await after(3), idle: await after(27) };
}

async function startAgain(server, people) {
  await server.stop({ keep: true });
  const second = await startDoorward({ people, folder: server.folder });
  const { firstAnswerSeconds } = second;
  await second.stop({ keep: true });
  return { firstAnswerSeconds };
}

function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    pinned: canPin,
  };
}

function versions() {
  const version = (name) => JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
  return {
    node: process.version,
    'oidc-provider': version('oidc-provider'),
    pg: version('pg'),
    typeorm: version('typeorm'),
  };
}
