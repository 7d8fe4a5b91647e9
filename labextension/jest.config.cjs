/** Tests of the front end: plain TypeScript through ts-jest, a page from jsdom. */
module.exports = {
  testEnvironment: 'jsdom',
  testMatch: ['<rootDir>/tests/**/*.test.{ts,tsx}'],
  transform: {
    '^.+\\.(ts|tsx)$': ['ts-jest', { tsconfig: 'tsconfig.check.json' }],
    '^.+\\.m?js$': ['ts-jest', { tsconfig: 'tests/tsconfig.js.json' }]
  },
  transformIgnorePatterns: ['/node_modules/(?!(@jupyterlab|@jupyter|@microsoft|lib0|y-protocols|exenv-es6)/)'],
  moduleNameMapper: { '\\.css$': '<rootDir>/tests/empty-style.cjs' }
};
