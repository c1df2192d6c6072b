import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { assembleConfiguration } from './assemble-configuration.ts';
import type { Configuration } from './configuration.ts';
import { contradictionsIn } from './configuration-contradictions.ts';
import { type VariableName, type Variables, variables } from './schema.ts';

export type ConfigurationResult =
  | { readonly ok: true; readonly configuration: Configuration; readonly set: readonly VariableName[] }
  | { readonly ok: false; readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

const isVariableName = (name: string): name is VariableName => Object.hasOwn(variables, name);

/** Reads the environment once. All problems are reported at once; unknown `DOORWARD_*` names are problems. */
export function loadConfiguration(env: Environment, cwd: string): ConfigurationResult {
  const problems: string[] = [];
  const raw = collect(env, cwd, problems);
  const parsed: Record<string, unknown> = {};
  for (const name of Object.keys(variables).filter(isVariableName)) {
    const result = variables[name].safeParse(raw.get(name));
    if (result.success) parsed[name] = result.data;
    else problems.push(...result.error.issues.map((issue) => `${name}: ${issue.message}`));
  }
  if (problems.length > 0) return { ok: false, problems };
  const configuration = assembleConfiguration(parsed as Variables, env, cwd);
  const conflicts = contradictionsIn(parsed as Variables, configuration);
  if (conflicts.length > 0) return { ok: false, problems: conflicts };
  return { ok: true, configuration, set: [...raw.keys()] };
}

function collect(env: Environment, cwd: string, problems: string[]): Map<VariableName, string> {
  const values = new Map<VariableName, string>();
  for (const [name, value] of Object.entries(env)) {
    // DOORWARD_TEST_* belongs to the project's own test runner and never reaches a server's decisions.
    if (!name.startsWith('DOORWARD_') || name.startsWith('DOORWARD_TEST_') || value === undefined || value === '')
      continue;
    const base = name.endsWith('_FILE') ? name.slice(0, -'_FILE'.length) : name;
    if (!isVariableName(base)) {
      problems.push(`${name} is not a setting of Doorward${nearest(base)}; see docs/reference/configuration.md`);
    } else if (base !== name && env[base]) {
      problems.push(`${base} and ${name} are both set; keep one`);
    } else {
      const text = base === name ? value : readValueFile(name, value, cwd, problems);
      if (text !== undefined) values.set(base, text);
    }
  }
  return values;
}

function readValueFile(name: string, path: string, cwd: string, problems: string[]): string | undefined {
  try {
    return readFileSync(resolve(cwd, path), 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(
      `${name}: cannot read ${path} (${error instanceof Error && 'code' in error ? error.code : 'unknown error'})`,
    );
    return undefined;
  }
}

function nearest(name: string): string {
  const words = new Set(name.split('_').slice(1));
  const scored = Object.keys(variables)
    .map((known) => ({
      known,
      score: known
        .split('_')
        .slice(1)
        .filter((word) => words.has(word)).length,
    }))
    .sort((a, b) => b.score - a.score)[0];
  return scored && scored.score > 0 ? ` (did you mean ${scored.known}?)` : '';
}
