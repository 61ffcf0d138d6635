import { readdirSync } from "node:fs";
import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

/** Whether what is imported lies in a room of src, named by its alias or from anywhere by a way up. */
const rooms = (...names) =>
  names.flatMap((name) => [`@/${name}`, `@/${name}/**`, `**/../${name}/**`, `../${name}/**`]);

/** Files that may not import from these rooms. What two features need goes into core, api or ui; app joins them. */
const apart = (files, names, message, more = []) => ({
  files,
  rules: {
    "no-restricted-imports": ["error", { patterns: [{ group: [...rooms(...names), ...more], message }] }],
  },
});

const features = readdirSync(new URL("./src/features", import.meta.url));
const walls = [
  ...features.map((name) =>
    apart(
      [`src/features/${name}/**`],
      ["app", ...features.filter((other) => other !== name).map((other) => `features/${other}`)],
      "Features never import each other, nor the app around them: app puts them together.",
      features.filter((other) => other !== name).flatMap((other) => [`../${other}/**`, `**/../${other}/**`]),
    ),
  ),
  apart(["src/core/**"], ["api", "app", "features", "ui"], "core is pure.", [
    "react",
    "react-dom",
    "@radix-ui/*",
  ]),
  apart(
    ["src/ui/**"],
    ["api", "app", "features"],
    "ui shows what it is given, and knows no sources of data.",
  ),
  apart(["src/api/**"], ["app", "features", "ui"], "api shows nothing."),
];

export default tseslint.config(
  { ignores: ["src/api/schema.d.ts", "node_modules", "dist"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  jsxA11y.flatConfigs.strict,
  {
    plugins: { "react-hooks": reactHooks },
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "max-lines": ["error", { max: 250, skipBlankLines: false, skipComments: false }],
      "no-console": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // A router's redirect and notFound are thrown by design and are no errors.
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  ...walls,
  { files: ["*.js"], ...tseslint.configs.disableTypeChecked },
  { files: ["public/**"], ...tseslint.configs.disableTypeChecked },
);
