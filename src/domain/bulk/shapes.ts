import type { Reader } from '../../persistence/unit-of-work.ts';
import { listUserAttributes } from '../user-attributes/user-attribute.ts';
import type { ImportContent } from './bulk-import.ts';
import type { FileShape } from './columns.ts';
import { GROUPS } from './import-groups.ts';
import { PEOPLE } from './import-people.ts';
import { ROLE_ASSIGNMENTS } from './import-role-assignments.ts';
import type { ImportKind } from './import-rows.ts';
import { SHAPE_OF_GROUPS } from './shape-of-groups.ts';
import { shapeOfPeople } from './shape-of-people.ts';
import { SHAPE_OF_ROLE_ASSIGNMENTS } from './shape-of-role-assignments.ts';

export const importKinds: Readonly<Record<ImportContent, ImportKind>> = {
  people: PEOPLE,
  groups: GROUPS,
  role_assignments: ROLE_ASSIGNMENTS,
};

export async function shapeOf(read: Reader, content: ImportContent): Promise<FileShape> {
  if (content === 'people') return shapeOfPeople(await listUserAttributes(read));
  return content === 'groups' ? SHAPE_OF_GROUPS : SHAPE_OF_ROLE_ASSIGNMENTS;
}
