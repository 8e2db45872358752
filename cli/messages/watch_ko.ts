/** What `drydock watch` and `drydock answer` say, in Korean. */
import type * as english from "./watch_en.ts";

export const watch: typeof english.watch = {
  notTerminal: "`drydock watch`는 터미널에서만 쓸 수 있습니다. 터미널이 아니면 `drydock check`를 쓰세요.",
  keys: "n 다음 · h 힌트 · s 정답 · r 초기화 · l 목록 · t 과제 · q 종료",
  watching: "클러스터를 지켜보다가 바뀔 때마다 확인합니다.",
  checking: "확인하는 중…",
  passed: "통과했습니다. n을 누르면 다음 문제로 넘어갑니다.",
  noHint: "현재 작업 상태에 맞는 힌트가 더 없습니다.",
  settingUp: (id) => `${id} 준비 중…`,
};

export const answer: typeof english.answer = {
  question: "질문이 여럿일 때 답할 질문",
  answer: "답",
  noQuestion: (id) => `연습 문제 ${id}에는 질문이 없습니다.`,
  which: (questions) => `어느 질문에 답하는지 적으세요: ${questions}`,
  unknown: (question, questions) => `없는 질문입니다: ${question}. 질문 목록: ${questions}`,
  written: (question, answer) => `${question}에 적은 답: ${answer}`,
};

export const times: typeof english.times = {
  minutes: (minutes) => `${minutes}분`,
  hints: (count) => `힌트 ${count}개`,
  sawSolution: "정답을 봄",
};
