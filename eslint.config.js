import neostandard, { plugins } from 'neostandard'

// The typed rules need the compiler's program; they guard what types alone do not: promises nobody waits for.
export default [
  { ignores: ['dist/**', 'serve/web/.client/**', '.bench/**', 'node_modules/**', 'demo-data/**'] },
  ...neostandard({ ts: true }),
  {
    files: ['**/*.ts', '**/*.tsx'],
    // AssemblyScript: its own compiler knows its types.
    ignores: ['transforms/normalise/kernel/assembly/**'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@typescript-eslint': plugins['typescript-eslint'].plugin },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // An import of types alone must vanish: `import { type X }` would still load the module.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A promise that nobody waits for says so; conditions of loops change while they wait.
      'no-void': ['error', { allowAsStatement: true }],
      'no-unmodified-loop-condition': 'off',
      // Bound values and SQL parameters read best in groups.
      '@stylistic/object-property-newline': 'off',
      '@stylistic/max-len': ['error', { code: 120, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true, ignorePattern: '^import ' }]
    }
  },
  {
    files: ['transforms/normalise/kernel/assembly/**'],
    // Its types and functions are names of the language (u32, load), its variables are set by the host, its numbers
    // have 64 bits.
    rules: {
      'no-undef': 'off',
      'no-use-before-define': 'off',
      'prefer-const': 'off',
      'no-loss-of-precision': 'off',
      '@typescript-eslint/no-loss-of-precision': 'off',
      '@stylistic/max-len': ['error', { code: 120, ignorePattern: '^import ' }]
    }
  }
]
