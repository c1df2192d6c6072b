import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** Paths relative to the repository, with forward slashes. */
export function sourceFiles(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
  );
}

export const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const SPECIFIER = /^\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;

export type Import = { readonly from: string; readonly to: string; readonly isPackage: boolean };

/** Every static and dynamic import of a file; relative ones resolved to a path relative to the repository. */
export function importsOf(file: string): Import[] {
  return [...read(file).matchAll(SPECIFIER)].map((match) => {
    const specifier = match[1] ?? match[2] ?? '';
    const isPackage = !specifier.startsWith('.');
    const to = isPackage ? specifier : relative(root, join(root, dirname(file), specifier)).replaceAll('\\', '/');
    return { from: file, to, isPackage };
  });
}
