/** How we are started in a project, and where a text is read that names us: npx finds what is installed in a project, and else for all. */
export const IN_PROJECT = 'npx firstchance';
