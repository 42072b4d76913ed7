/** What was refused is listed for a project and for a key, the newest first. */
export function refusalLists(): string[] {
  return [
    'CREATE INDEX refusals_project ON refusals (project_id, at, id)',
    'CREATE INDEX refusals_key ON refusals (key_id, at, id)',
  ];
}
