import { describe, expect, it } from '@jest/globals';
import { migrations } from '../../src/persistence/migrations.ts';
import { importsOf, sourceFiles } from './source-files.ts';

describe('migrations (STYLE 25)', () => {
  it('every file of the folder is in the list, the oldest first', () => {
    const files = importsOf('src/persistence/migrations.ts')
      .map(({ to }) => to)
      .filter((to) => to.startsWith('migrations/'));
    const timestamps = migrations.map(({ name }) => Number(name.slice(-13)));

    expect(files).toEqual(sourceFiles('migrations').toSorted());
    expect(timestamps).toEqual(
      files.map((file) => Number(file.slice('migrations/'.length, 'migrations/'.length + 13))),
    );
  });
});
