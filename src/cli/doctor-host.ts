import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, statfs } from 'node:fs/promises';
import type { Configuration } from '../config/configuration.ts';
import { type Finding, messageOf } from './finding.ts';

const DEADLINE_MS = 5_000;

/** Asks for discovery as a client would, through whatever proxy stands in front, and compares what it says. */
export async function checkIssuer({ issuer }: Configuration): Promise<Finding> {
  const check = 'issuer';
  const address = `${issuer}/.well-known/openid-configuration`;
  try {
    const answer = await fetch(address, { redirect: 'manual', signal: AbortSignal.timeout(DEADLINE_MS) });
    if (answer.status >= 300 && answer.status < 400)
      return {
        check,
        state: 'fail',
        detail: `${address} is redirected to ${answer.headers.get('location')}: DOORWARD_ISSUER must be the address itself`,
      };
    if (answer.status !== 200)
      return {
        check,
        state: 'fail',
        detail: `${address} answers ${answer.status}: let the proxy pass every path to Doorward`,
      };
    return compare(await answer.json(), issuer, answer.headers.get('date'));
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? `, ${messageOf(error.cause)}` : '';
    return {
      check,
      state: 'warn',
      detail: `nobody answers at ${address} (${messageOf(error)}${cause}): start the server, or look at DNS, proxy and certificate`,
    };
  }
}

const TOLERATED_MS = 5_000;

function compare(document: unknown, issuer: string, date: string | null): Finding {
  const check = 'issuer';
  const members = new Map<string, unknown>(
    typeof document === 'object' && document !== null ? Object.entries(document) : [],
  );
  if (members.get('issuer') !== issuer)
    return {
      check,
      state: 'fail',
      detail: `discovery says ${String(members.get('issuer'))}, DOORWARD_ISSUER is ${issuer}: another server answers there, or it runs with other settings`,
    };
  const foreign = [...members].filter(
    ([name, value]) => /_endpoint$|_uri$/.test(name) && typeof value === 'string' && !value.startsWith(`${issuer}/`),
  );
  if (foreign.length > 0)
    return {
      check,
      state: 'fail',
      detail: `discovery leads elsewhere: ${foreign.map(([name, value]) => `${name} ${String(value)}`).join(', ')}`,
    };
  const skew = date === null ? 0 : Math.abs(Date.parse(date) - Date.now());
  if (skew > TOLERATED_MS)
    return {
      check,
      state: 'warn',
      detail: `it answers, with a clock that is ${Math.round(skew / 1000)} s off this machine's`,
    };
  return { check, state: 'ok', detail: `${issuer} answers, and discovery says the same issuer` };
}

const DAY_MS = 86_400_000;
const WARN_DAYS = 21;

export async function checkTls({ tls, issuer }: Configuration): Promise<readonly Finding[]> {
  if (tls === undefined) return [];
  const check = 'certificate';
  try {
    const certificate = new X509Certificate(await readFile(tls.certFile));
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(tls.keyFile))))
      return [{ check, state: 'fail', detail: `${tls.keyFile} is not the key of ${tls.certFile}` }];
    const { hostname } = new URL(issuer);
    if (
      certificate.checkHost(hostname) === undefined &&
      certificate.checkIP(hostname.replace(/^\[|\]$/g, '')) === undefined
    )
      return [{ check, state: 'fail', detail: `the certificate is not for ${hostname}` }];
    const days = Math.floor((Date.parse(certificate.validTo) - Date.now()) / DAY_MS);
    if (days < 0) return [{ check, state: 'fail', detail: `it expired on ${certificate.validTo}: renew it` }];
    const state = days < WARN_DAYS ? 'warn' : 'ok';
    return [{ check, state, detail: `valid until ${certificate.validTo}${state === 'warn' ? ': renew it' : ''}` }];
  } catch (error) {
    return [{ check, state: 'fail', detail: `it cannot be read: ${messageOf(error)}` }];
  }
}

const GIB = 1024 ** 3;

/** The embedded database stops when the disk is full. */
export async function checkDisk({ databaseUrl, dataDir }: Configuration): Promise<readonly Finding[]> {
  if (databaseUrl !== undefined) return [];
  const check = 'disk';
  try {
    const { bavail, bsize } = await statfs(dataDir);
    const free = (bavail * bsize) / GIB;
    const state = free < 0.2 ? 'fail' : free < 1 ? 'warn' : 'ok';
    return [
      { check, state, detail: `${free.toFixed(1)} GiB free for ${dataDir}${state === 'ok' ? '' : ': make room'}` },
    ];
  } catch (error) {
    return [{ check, state: 'warn', detail: `the free space of ${dataDir} is unknown (${messageOf(error)})` }];
  }
}
