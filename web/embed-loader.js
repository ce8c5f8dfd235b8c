// Written to dist/embed.js: a classic script for any page, that fetches the player beside it.
// The build puts the name of the player's module in.
(() => {
  const { src } = document.currentScript;
  import(new URL("PLAYER_MODULE", src).href).catch((error) =>
    console.error("happens-before: cannot load the player", error),
  );
})();
