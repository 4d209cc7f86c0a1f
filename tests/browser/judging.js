/*
 * Judges the page as it stands in the window, in both themes: how wide it is, whether its headings and facts have room, and what axe has
 * against it.
 *
 * Themes differ in colours only. Of colours only the texts are judged whose looks nobody has judged yet (`judged`, which is
 * kept in the page from width to width; `known` are those of other pages). Two texts look the same when their colours and
 * largeness agree, of links all that sets them off from the text around them, and all that lies behind: backgrounds up to
 * one that lets nothing through, and what changes all of it, such as opacity. axe says of the second what it said of the
 * first. Returns the looks that were new, as numbers.
 */
async ({width, known}) => {
  for (let tries = 0; innerWidth !== width; tries++) {
    if (tries > 500) throw new Error(`the window does not get ${width} px wide`);
    await new Promise(again => setTimeout(again, 10));
  }
  const root = document.documentElement, colours = ["color-contrast", "link-in-text-block"];
  const judged = window.judged ??= new Set(known.split(" ")), added = [], found = [];
  const ask = async (theme, where, options) => {
    const {violations} = await axe.run(where, {resultTypes: ["violations"], ...options});
    for (const {id, help, nodes} of violations)
      for (const {html} of nodes) found.push(`${theme} ${id}: ${help}: ${html.slice(0, 160)}`);
  };
  if (root.scrollWidth > width) found.push(`is ${root.scrollWidth} px wide in a window of ${width}`);
  for (const word of broken()) found.push(`breaks the word ${word}: it has too little room`);
  await ask(root.dataset.bsTheme, "html", {rules: Object.fromEntries(colours.map(id => [id, {enabled: false}]))});
  const own = root.dataset.bsTheme;
  for (const theme of [own, own === "dark" ? "light" : "dark"]) {
    root.dataset.bsTheme = theme;
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
    const news = texts().filter(([look]) => !judged.has(look) && judged.add(look));
    added.push(...news.map(([look]) => look));
    const options = {runOnly: {type: "rule", values: colours}};
    if (news.length) await ask(theme, {include: news.map(([, text]) => text)}, options);
  }
  root.dataset.bsTheme = own;
  return {found, looks: added.join(" ")};

  // Words of headings and facts, none of them long, that go over more than one line.
  function broken() {
    const range = document.createRange(), words = [];
    for (const heading of document.querySelectorAll("h1, h2, h3, dt, dd")) {
      if (heading.offsetWidth < 2) continue; // for ears only
      const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
      while (walker.nextNode())
        for (const {0: word, index} of walker.currentNode.data.matchAll(/(?<!\p{L})\p{L}{2,12}(?!\p{L})/gu)) {
          range.setStart(walker.currentNode, index);
          range.setEnd(walker.currentNode, index + word.length);
          if (new Set([...range.getClientRects()].map(line => Math.round(line.top))).size > 1) words.push(word);
        }
    }
    return words;
  }

  // The texts that can be seen and the controls, each with its look.
  function texts() {
    const all = new Set(document.body.querySelectorAll("input, select, textarea, button"));
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), around = new Map();
    while (walker.nextNode()) if (walker.currentNode.data.trim()) all.add(walker.currentNode.parentElement);
    return [...all].filter(text => text.checkVisibility()).map(text => [number(look(text, around)), text]);
  }

  function look(text, around) {
    const its = getComputedStyle(text), size = parseFloat(its.fontSize), link = text.closest("a, [role=link]");
    const apart = link && [getComputedStyle(link.parentElement).color, its.fontSize, its.fontWeight, its.fontStyle,
                           its.textDecorationLine, its.display];
    const large = size >= 24 || size >= 18.66 && its.fontWeight >= 700, {whole, ground} = behind(text, around);
    const control = text.matches("input, select, textarea, button, option, label") && text.localName + text.type;
    return [control, its.color, large, its.textShadow, apart, whole, ground].join("|");
  }

  // What lies behind the texts of an element. Below something opaque only that counts which changes the whole.
  function behind(element, around) {
    if (!element) return {whole: "", ground: ""};
    if (around.has(element)) return around.get(element);
    const its = getComputedStyle(element), above = behind(element.parentElement, around);
    const disabled = element.matches(":disabled, [aria-disabled=true]");
    const whole = [its.opacity, its.filter, its.mixBlendMode, disabled].join();
    const moved = !["static", "relative"].includes(its.position) || its.zIndex !== "auto";
    const place = moved ? its.position + its.zIndex : "", ground = its.backgroundColor + its.backgroundImage + place;
    const opaque = its.backgroundImage === "none" && !moved && !/^rgba|[/]/.test(its.backgroundColor);
    const found = {
      whole: above.whole + (whole === "1,none,normal,false" ? "" : "/" + whole),
      ground: (opaque ? "" : above.ground) + (ground === "rgba(0, 0, 0, 0)none" ? "" : "/" + ground),
    };
    around.set(element, found);
    return found;
  }

  // 53 bits of a text, after cyrb53.
  function number(text) {
    let one = 0xdeadbeef, two = 0x41c6ce57;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 2654435761);
      two = Math.imul(two ^ code, 1597334677);
    }
    one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
    two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
    return String(4294967296 * (2097151 & two) + (one >>> 0));
  }
}
