/** The largest PDB that is read. The PDBs of the biggest known assemblies have some tens of MB. */
export const MAXIMUM_PDB_BYTES = 256 * 1024 * 1024;
