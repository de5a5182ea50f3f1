import { createTheme, type MantineColorsTuple } from "@mantine/core";

// Ink on paper, one red. Green and amber exist for state only and live in tokens.css.
const ink: MantineColorsTuple = ["#f6f6f5", "#e9e9e7", "#d3d3d0", "#b0b0ac", "#8a8a86", "#6b6b67", "#52524f", "#3a3a38", "#232322", "#161615"];
const accent: MantineColorsTuple = ["#fdf1f0", "#fae0de", "#f3bfbb", "#ea9992", "#e0726a", "#d5544a", "#c93b31", "#be2f26", "#b3261e", "#8f1e18"];

export const FONT =
  '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Noto Naskh Arabic", "Noto Sans Arabic", "Noto Serif Tibetan", "Microsoft Himalaya", system-ui, sans-serif';

export const theme = createTheme({
  colors: { ink, accent },
  primaryColor: "ink",
  primaryShade: 8,
  black: "#1b1b1a",
  defaultRadius: "sm",
  fontFamily: FONT,
  headings: { fontFamily: FONT, fontWeight: "650" },
  respectReducedMotion: true,
  cursorType: "pointer",
  focusRing: "auto",
  components: {
    Button: { defaultProps: { size: "md", fw: 500 } },
    TextInput: { defaultProps: { size: "md" } },
    PasswordInput: { defaultProps: { size: "md" } },
    NumberInput: { defaultProps: { size: "md" } },
    NativeSelect: { defaultProps: { size: "md" } },
    Textarea: { defaultProps: { size: "md" } },
    Switch: { defaultProps: { size: "md" } },
    Checkbox: { defaultProps: { size: "md" } },
    SegmentedControl: { defaultProps: { size: "md" } },
    // Its scroll lock injects a <style> element, which the content security policy refuses; base.css locks instead.
    Modal: { defaultProps: { lockScroll: false, centered: true, radius: "md", padding: "lg", transitionProps: { duration: 0 } } },
    Menu: { defaultProps: { transitionProps: { duration: 0 }, shadow: "md", position: "bottom-end" } },
  },
});
