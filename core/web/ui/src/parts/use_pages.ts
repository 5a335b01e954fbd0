// Lists by page token, one page at a time.
import { useEffect, useState } from "preact/hooks";
import type { In, Method, Out } from "../api/client";
import { useCall, type Answer } from "../state/hooks";

export interface Pages {
  // From 1.
  page: number;
  hasNext: boolean;
  next: () => void;
  previous: () => void;
}

// Asks for one page of `request`, beginning with the first whenever the request changes;
// undefined asks nothing. What comes out is for <Pager> as well.
export function usePages<M extends Method>(method: M, request: In<M> | undefined): Answer<Out<M>> & Pages {
  const asked = JSON.stringify(request);
  // The tokens of the pages before and of this one; the first has none.
  const [state, setState] = useState({ asked, tokens: [""] });
  const tokens = state.asked === asked ? state.tokens : [""];
  const pageToken = tokens[tokens.length - 1] || undefined;
  const answer = useCall(method, request && ({ ...(request as object), pageToken } as In<M>));
  const nextToken = (answer.data as { nextPageToken?: string } | undefined)?.nextPageToken;
  // The list a token belongs to may be gone after a while: begin again.
  useEffect(() => {
    if (answer.error?.reason === "SEARCH_PAGE_GONE") setState({ asked, tokens: [""] });
  }, [answer.error, asked]);
  const go = (to: string[]) => {
    setState({ asked, tokens: to });
    scrollTo(0, 0);
  };
  return {
    ...answer,
    page: tokens.length,
    hasNext: Boolean(nextToken) && !answer.loading,
    next: () => nextToken && go([...tokens, nextToken]),
    previous: () => go(tokens.length > 1 ? tokens.slice(0, -1) : tokens),
  };
}
