import { readdirSync } from "node:fs";
import js from "@eslint/js";
import { createTypeScriptImportResolver } from "eslint-import-resolver-typescript";
import { importX } from "eslint-plugin-import-x";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

const features = readdirSync(new URL("./src/features", import.meta.url));

/** Who may not import whom. What two features need goes into core, api or ui; what joins them, into app. */
const zones = [
  ...features.map((name) => ({
    target: `./src/features/${name}`,
    from: "./src/features",
    except: [`./${name}`],
    message: "Features never import each other: app puts them together.",
  })),
  { target: "./src/features", from: "./src/app", message: "Features do not know the app around them." },
  {
    target: "./src/core",
    from: ["./src/api", "./src/app", "./src/features", "./src/ui"],
    message: "core is pure.",
  },
  {
    target: "./src/ui",
    from: ["./src/api", "./src/app", "./src/features"],
    message: "ui knows no data sources.",
  },
  { target: "./src/api", from: ["./src/app", "./src/features", "./src/ui"], message: "api shows nothing." },
];

export default tseslint.config(
  { ignores: ["src/api/schema.d.ts", "node_modules", "dist"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  jsxA11y.flatConfigs.strict,
  {
    plugins: { "import-x": importX, "react-hooks": reactHooks },
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    settings: { "import-x/resolver-next": [createTypeScriptImportResolver()] },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "import-x/no-restricted-paths": ["error", { basePath: import.meta.dirname, zones }],
      "import-x/no-cycle": "error",
      "max-lines": ["error", { max: 250, skipBlankLines: false, skipComments: false }],
      "no-console": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // A router's redirect and notFound are thrown by design and are no errors.
      "@typescript-eslint/only-throw-error": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["src/core/**"],
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ group: ["react", "react-dom", "@radix-ui/*"] }] }],
    },
  },
  { files: ["*.js"], ...tseslint.configs.disableTypeChecked },
  { files: ["public/**"], ...tseslint.configs.disableTypeChecked },
);
