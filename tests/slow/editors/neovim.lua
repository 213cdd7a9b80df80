-- Neovim, headless, as someone would use it: opens a draft, sees what is underlined, takes a quick fix, reads the buffer
-- back. Prints what it sees to the file that OUT names. For 0.7, as Debian has it, and later.
--
--   TONELINT=… OUT=… nvim --headless --clean -c 'luafile neovim.lua' draft.md

local out = assert(io.open(os.getenv("OUT"), "w"))
local function say(...) out:write(string.format(...), "\n") end

local function wait(what, condition)
  if not vim.wait(20000, condition, 20) then error("waited in vain for " .. what) end
end

local function diagnostics()
  return vim.diagnostic.get(0)
end

local function has(code)
  for _, one in ipairs(diagnostics()) do
    if one.code == code then return one end
  end
end

local function see(title)
  say("== %s", title)
  for _, one in ipairs(diagnostics()) do
    local severity = vim.diagnostic.severity[one.severity]
    -- Neovim counts columns in bytes.
    local words = vim.api.nvim_buf_get_text(0, one.lnum, one.col, one.end_lnum, one.end_col, {})
    say("%d:%d %s %s %s [%s]", one.lnum + 1, one.col + 1, severity, one.source, one.code, table.concat(words, "\n"))
  end
end

local function buffer(title)
  say("== %s", title)
  for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, true)) do say("%s", line) end
end

-- Takes the action that a person would pick by its title, through Neovim's own menu.
local function take(only, wanted)
  local offered, picked = {}, false
  vim.ui.select = function(items, options, choose)
    for at, item in ipairs(items) do
      local title = options.format_item(item)
      table.insert(offered, title)
      if title:find(wanted, 1, true) == 1 then
        picked = true
        choose(item, at)
        return
      end
    end
  end
  local context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(), only = only }
  if vim.fn.has("nvim-0.8") == 1 then
    vim.lsp.buf.code_action({ context = context })
  else
    vim.lsp.buf.code_action(context)
  end
  wait(wanted .. " among: " .. table.concat(offered, ", "), function() return picked end)
end

local function at(diagnostic)
  vim.api.nvim_win_set_cursor(0, { diagnostic.lnum + 1, diagnostic.col })
end

local status
local function main()
  local draft = vim.fn.expand("%:p")
  local client = assert(vim.lsp.start_client({
    name = "tonelint",
    cmd = { os.getenv("TONELINT"), "lsp" },
    root_dir = vim.fn.fnamemodify(draft, ":h"),
    settings = { tonelint = { customer = "regular" } },
    on_exit = function(code) status = code end,
  }))
  assert(vim.lsp.buf_attach_client(0, client))
  wait("diagnostics", function() return #diagnostics() > 0 end)
  see("opened")

  at(has("BU001"))
  take({ "quickfix" }, "Write: Please use")
  wait("the finding to go", function() return has("BU001") == nil end)
  buffer("after the quick fix")
  see("what is left")

  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  take({ "source.fixAll" }, "")
  wait("the safe fixes", function() return has("JG001") == nil end)
  buffer("after all that is safe")

  vim.cmd("undo")
  wait("the finding to come back", function() return has("JG001") ~= nil end)

  -- Typing, a key at a time.
  vim.api.nvim_buf_set_lines(0, 0, -1, true, { "" })
  wait("an empty draft to be clean", function() return #diagnostics() == 0 end)
  vim.api.nvim_feedkeys("iSö 😀 kindly use it now.", "tx", true)
  wait("what was typed", function() return #diagnostics() > 0 end)
  see("typed")

  vim.lsp.stop_client(client)
  wait("the server to end", function() return status ~= nil end)
  say("== ended with %d", status)
end

local fine, problem = xpcall(main, debug.traceback)
if not fine then say("FAILED: %s", problem) end
out:close()
vim.cmd(fine and "qall!" or "cquit 1")
