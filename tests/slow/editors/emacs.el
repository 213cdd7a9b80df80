;;; Emacs in batch, as someone would use it with eglot: opens a draft, sees what is underlined, takes a quick fix, reads
;;; the buffer back.  Prints what it sees to the file that OUT names.
;;;
;;;   TONELINT=… OUT=… emacs --batch --eval '(package-initialize)' -l emacs.el draft.md

(require 'eglot)
(require 'cl-lib)

(defvar seen nil)
(defun say (&rest arguments) (push (apply #'format arguments) seen))

(defun wait (what condition)
  "Let Emacs work until CONDITION holds."
  (let ((until (+ (float-time) 20)))
    (while (not (funcall condition))
      (when (> (float-time) until) (error "Waited in vain for %s" what))
      ;; What is typed is sent after a moment of idleness, which batch does not have.
      (when eglot--managed-mode (eglot--signal-textDocument/didChange))
      (accept-process-output nil 0.05))))

(defun see (title)
  (say "== %s" title)
  (dolist (one (cl-sort (flymake-diagnostics) #'< :key #'flymake-diagnostic-beg))
    (say "%d %s [%s]" (line-number-at-pos (flymake-diagnostic-beg one))
         (car (split-string (flymake-diagnostic-text one) "`"))
         (buffer-substring-no-properties (flymake-diagnostic-beg one) (flymake-diagnostic-end one)))))

(defun has (code)
  (cl-find-if (lambda (one) (string-match-p (regexp-quote code) (flymake-diagnostic-text one))) (flymake-diagnostics)))

(defun buffer (title)
  (say "== %s" title)
  (say "%s" (string-trim-right (buffer-string))))

(defun take (wanted kind)
  "Take the action whose title begins with WANTED, through eglot's own menu."
  (cl-letf* ((offered nil)
             (choose (lambda (_prompt choices &rest _)
                       (setq offered (mapcar (lambda (one) (if (consp one) (car one) one)) choices))
                       (or (cl-find-if (lambda (one) (string-prefix-p wanted one)) offered)
                           (error "No %s among %S" wanted offered))))
             ((symbol-function 'completing-read) choose))
    ;; As if by a key: a click would open a menu of the window system.
    (setq last-nonmenu-event ?a)
    (eglot-code-actions (point) (line-end-position) kind t)))

(defun main ()
  (setq eglot-confirm-server-initiated-edits nil
        eglot-sync-connect 20
        eglot-autoshutdown nil
        eglot-workspace-configuration '(:tonelint (:customer "regular")))
  (add-to-list 'eglot-server-programs `(text-mode . (,(getenv "TONELINT") "lsp")))
  (find-file (pop command-line-args-left))
  (text-mode)
  (call-interactively #'eglot)
  (wait "diagnostics" #'flymake-diagnostics)
  (see "opened")

  (goto-char (flymake-diagnostic-beg (has "BU001")))
  (take "Write: Please use" "quickfix")
  (wait "the finding to go" (lambda () (not (has "BU001"))))
  (buffer "after the quick fix")
  (see "what is left")

  (take "" "source.fixAll.tonelint")
  (wait "the safe fixes" (lambda () (not (has "JG001"))))
  (buffer "after all that is safe")
  (eglot-shutdown (eglot-current-server) nil 10 t))

(let ((status 0))
  (condition-case problem (main)
    (error (setq status 1) (say "FAILED: %s" (error-message-string problem))))
  (let ((coding-system-for-write 'utf-8))
    (write-region (concat (string-join (nreverse seen) "\n") "\n") nil (getenv "OUT")))
  (kill-emacs status))
