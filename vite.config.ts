// How the site is built: the page and the player as two entries of one build, every address
// relative, so that dist/ works below any path of any static file server.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { poster } from "./scripts/poster.mjs";

const PAGE = fileURLToPath(new URL("web/index.html", import.meta.url));
/** The entry that upgrades `<happens-before>` on other people's pages. */
const PLAYER = fileURLToPath(new URL("web/embed.ts", import.meta.url));

/** Puts the picture of the first instant into the HTML, in development and in the build. */
function posterPlugin(): Plugin {
  return {
    name: "poster",
    async transformIndexHtml(html) {
      if (!html.includes("<!--poster wide-->")) return html;
      const { wide, phone, caption, under, text, events } = await poster();
      return html
        .replace("<!--poster wide-->", () => wide)
        .replace("<!--poster phone-->", () => phone)
        .replace("<!--caption-->", () => caption)
        .replace("<!--under-->", () => under)
        .replace("<!--text-->", () => text)
        .replace("<!--events-->", () => events);
    },
  };
}

/** Writes `embed.js`: the classic loader, told the name of the player's module. */
function loaderPlugin(): Plugin {
  return {
    name: "embed-loader",
    apply: "build",
    generateBundle(_options, bundle) {
      const player = Object.values(bundle).find(
        (chunk) => chunk.type === "chunk" && chunk.isEntry && chunk.name === "player",
      );
      if (!player) return;
      const source = readFileSync("web/embed-loader.js", "utf8").replace(
        "PLAYER_MODULE",
        player.fileName,
      );
      this.emitFile({ type: "asset", fileName: "embed.js", source });
    },
  };
}

/** The licences of what is shipped in the site. */
function licencesPlugin(): Plugin {
  const shipped = ["@fontsource-variable/inter", "@fontsource-variable/jetbrains-mono", "lit"];
  return {
    name: "licences",
    apply: "build",
    generateBundle() {
      const texts = shipped.map(
        (name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8")}`,
      );
      this.emitFile({ type: "asset", fileName: "licences.txt", source: texts.join("\n\n") });
    },
  };
}

export default defineConfig({
  root: "web",
  base: "./",
  plugins: [posterPlugin(), loaderPlugin(), licencesPlugin()],
  worker: { format: "es" },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: PAGE, ...(existsSync(PLAYER) ? { player: PLAYER } : {}) },
      preserveEntrySignatures: "exports-only",
    },
  },
});
