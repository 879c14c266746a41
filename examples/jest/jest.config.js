module.exports = { preset: '@firstchance/jest' };
