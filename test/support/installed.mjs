import { refreshInstalled } from '../../scripts/lib/runner-projects.mjs';

/** Tests of the whole use packages as they are installed; here those of the last build. */
export default refreshInstalled;
