// Reads a Dockerfile and does what it says in plain folders: enough of the language for ours, and an error for the rest.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

export type Instruction = { readonly name: string; readonly rest: string };
export type Stage = { readonly image: string; readonly name: string; readonly instructions: readonly Instruction[] };

export function readDockerfile(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n');
  const stages: { image: string; name: string; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') {
      const [image = '', , alias] = rest.split(/\s+/);
      stages.push({ image, name: alias ?? String(stages.length), instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, rest });
  }
  return stages;
}

export type Identity = { readonly uid?: number; readonly gid?: number };
export type BuildOptions = {
  readonly context: string;
  /** Every stage gets a folder here, which stands for its `/`. */
  readonly folder: string;
  readonly identity: Identity;
  readonly env: Readonly<Record<string, string>>;
};

export type Image = {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly workdir: string;
  readonly volumes: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly healthcheck: readonly string[];
};

/** Runs all stages and gives the last. */
export async function buildImage(stages: readonly Stage[], options: BuildOptions): Promise<Image> {
  let image: Image | undefined;
  for (const stage of stages) image = await buildStage(stage, options);
  if (image === undefined) throw new Error('no stage');
  return image;
}

async function buildStage(stage: Stage, options: BuildOptions): Promise<Image> {
  const root = join(options.folder, stage.name);
  await mkdir(root, { recursive: true });
  const image = {
    root,
    env: {} as Record<string, string>,
    user: 'root',
    workdir: '/',
    volumes: [] as string[],
    entrypoint: [] as string[],
    command: [] as string[],
    healthcheck: [] as string[],
  };
  for (const { name, rest } of stage.instructions) {
    if (name === 'WORKDIR') {
      image.workdir = rest;
      mkdirSync(join(root, rest), { recursive: true });
    } else if (name === 'ENV') Object.assign(image.env, readEnv(rest));
    else if (name === 'COPY') await copy(rest, image, options);
    else if (name === 'RUN') runStep(rest, image, options);
    else if (name === 'USER') image.user = rest;
    else if (name === 'VOLUME') image.volumes.push(...readList(rest));
    else if (name === 'ENTRYPOINT') image.entrypoint = readList(rest);
    else if (name === 'CMD') image.command = readList(rest);
    else if (name === 'HEALTHCHECK') image.healthcheck = readList(rest.slice(rest.indexOf('CMD ') + 4));
    else if (name !== 'EXPOSE') throw new Error(`the test does not know the instruction ${name}`);
  }
  return image;
}

const readList = (text: string): string[] => JSON.parse(text) as string[];

function readEnv(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]));
}

async function copy(
  rest: string,
  image: { root: string; workdir: string },
  { context, folder }: BuildOptions,
): Promise<void> {
  const words = rest.split(/\s+/);
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  const target = paths.pop() ?? '';
  const into = target.startsWith('/') ? join(image.root, target) : join(image.root, image.workdir, target);
  for (const path of paths) {
    const source = join(from === undefined ? context : join(folder, from), path);
    if (!existsSync(source)) throw new Error(`COPY ${path}: it is not there`);
    // The contents of a folder are copied, a file keeps its name below a folder.
    const isFile = statSync(source).isFile();
    await cp(source, isFile && /(^|\/)\.?\/?$/.test(target) ? join(into, basename(path)) : into, {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
}

/** Absolute paths of the image, as paths in the folder that stands for it. */
export function inImage(text: string, root: string): string {
  return text.replaceAll(/(?<![\w./])\/(app|volumes|data|keys)\b/g, `${root}/$1`);
}

function runStep(
  rest: string,
  image: { root: string; workdir: string; env: Record<string, string> },
  options: BuildOptions,
): void {
  const { identity, env } = options;
  if (identity.uid !== undefined) spawnSync('chown', ['-R', `${identity.uid}:${identity.gid}`, image.root]);
  const done = spawnSync('sh', ['-c', inImage(rest, image.root)], {
    cwd: join(image.root, image.workdir),
    env: { ...env, ...image.env },
    encoding: 'utf8',
    ...identity,
  });
  if (done.status !== 0) throw new Error(`RUN ${rest} ended with ${done.status}:\n${done.stdout}${done.stderr}`);
}
