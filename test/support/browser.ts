import { execFile } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const launchArguments = [
  '--no-sandbox', // the sandbox needs a privilege that neither root in a container nor an ordinary user always has
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

type BrowserProgram = { readonly path: string; readonly env: Record<string, string> };

const packagedPrefix = 'doorward-chromium';

// The package unpacks into the temporary directory and picks its libraries by this variable: a process of its own
// lets us point both at a folder that no other process or user writes to.
const unpackScript = `
import { pathToFileURL } from 'node:url';
const { default: chromium } = await import(pathToFileURL(process.argv[1]).href);
await chromium.executablePath();
`;

function packageVersion(manifest: string): string {
  const parsed: unknown = JSON.parse(readFileSync(manifest, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null || !('version' in parsed))
    throw new Error(`no version: ${manifest}`);
  return String(parsed.version);
}

// The package's own file names folders of another system, so text would be drawn without any font.
function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
</fontconfig>
`;
}

async function unpack(entry: string, folder: string): Promise<void> {
  const stage = mkdtempSync(join(tmpdir(), `${packagedPrefix}-stage-`));
  const env = { ...process.env, TMPDIR: stage, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' };
  try {
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', unpackScript, entry], { env });
    writeFileSync(join(stage, 'fonts', 'fonts.conf'), fontConfiguration(folder));
    renameSync(stage, folder);
  } catch (error) {
    rmSync(stage, { recursive: true, force: true });
    // Another worker was first: its copy is complete, because it too arrived by one rename.
    if (!existsSync(join(folder, 'chromium'))) throw error;
  }
}

/** The Chromium of the devDependencies, unpacked once per user and version. */
async function packagedBrowser(): Promise<BrowserProgram> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const version = packageVersion(join(entry, '../../../package.json'));
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `${packagedPrefix}-${version}-${uid}`);
  if (!existsSync(join(folder, 'chromium'))) await unpack(entry, folder);
  if (lstatSync(folder).uid !== uid) throw new Error(`${folder} belongs to someone else; remove it and run again`);
  return {
    path: join(folder, 'chromium'),
    env: {
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
      // Chromium writes beside its home; an ordinary user in a container may have none.
      HOME: folder,
    },
  };
}

async function findBrowser(): Promise<BrowserProgram> {
  const system = systemBrowsers.find((path) => existsSync(path));
  return system ? { path: system, env: {} } : packagedBrowser();
}

function inheritedEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

export type ChosenBrowser = { readonly path?: string | undefined; readonly args?: readonly string[] };

/** A headless Chromium: the system's where there is one, else the one among the devDependencies. Close it after use. */
export async function launchBrowser(chosen: ChosenBrowser = {}): Promise<Browser> {
  const { path, env } = chosen.path === undefined ? await findBrowser() : { path: chosen.path, env: {} };
  return chromium.launch({
    executablePath: path,
    headless: true,
    args: [...launchArguments, ...(chosen.args ?? [])],
    env: { ...inheritedEnvironment(), ...env },
  });
}
