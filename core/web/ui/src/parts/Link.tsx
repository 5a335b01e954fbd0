import type { AllHTMLAttributes } from "preact";
import { navigate } from "../state/router";

interface Props extends Omit<AllHTMLAttributes<HTMLAnchorElement>, "href"> {
  // A path of this page.
  to: string;
}

// A link within the page. With Ctrl, Shift or the middle button it opens as any link does.
export function Link({ to, onClick, ...rest }: Props) {
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    (onClick as ((event: MouseEvent) => void) | undefined)?.(event);
    navigate(to);
  };
  return <a href={to} onClick={follow} {...(rest as object)} />;
}
