import { z } from 'zod';
import { optional, removable } from './attribute-shape.ts';
import { keyedText } from './attribute-types.ts';

/** RFC 7643 §4.3: the name under which a person's enterprise attributes stand, in bodies and in files. */
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const texts = {
  employeeNumber: keyedText(256),
  costCenter: keyedText(256),
  organization: keyedText(256),
  division: keyedText(256),
  department: keyedText(256),
};

const manager = z
  .strictObject({ value: z.uuid('expected the id of a person') })
  .describe('The person they report to; their displayName is shown and cannot be written.');

export const enterpriseInput = z.strictObject(optional({ ...texts, manager }));
export const enterprisePatch = z.strictObject(removable({ ...texts, manager }));

/** In a file, where ids are not known beforehand, a manager can be named by their userName. */
export const enterpriseInFile = z.strictObject(
  optional({ ...texts, manager: z.union([manager, z.strictObject({ userName: keyedText(320) })]) }),
);
