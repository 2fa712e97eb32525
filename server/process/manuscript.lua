-- Documents as plain as a response is: no raw HTML, no images, tables of one line a cell.
local function items(list)
    local blocks = {}
    for _, item in ipairs(list.content) do
        for _, block in ipairs(item) do table.insert(blocks, block) end
    end
    return blocks
end

local function one_line(cell)
    local blocks = pandoc.walk_block(pandoc.Div(cell), { BulletList = items, OrderedList = items }).content
    local inlines = pandoc.utils.blocks_to_inlines(blocks, { pandoc.Space() })
    local space = function() return pandoc.Space() end
    return { pandoc.walk_block(pandoc.Plain(inlines), { LineBreak = space, SoftBreak = space }) }
end

function Table(whole)
    local simple = pandoc.utils.to_simple_table(whole)
    for i, cell in ipairs(simple.headers) do simple.headers[i] = one_line(cell) end
    for _, row in ipairs(simple.rows) do
        for i, cell in ipairs(row) do row[i] = one_line(cell) end
    end
    for i in ipairs(simple.widths) do simple.widths[i] = 0 end
    return pandoc.utils.from_simple_table(simple)
end

local function content(element) return element.content end
Span, Div, Underline, SmallCaps = content, content, content, content

function Image(image) return image.caption end

-- Places within the document are not there any more.
function Link(link)
    if link.target:sub(1, 1) == '#' then return link.content end
end

function Math(math) return pandoc.Code(math.text) end

function RawInline(raw) return pandoc.Str(raw.text) end

function RawBlock(raw) return pandoc.Para { pandoc.Str(raw.text) } end

function Str(str)
    str.text = str.text:gsub('[%z\1-\8\11-\31\127]', ''):gsub('\xc2[\x80-\x9f]', '')
    return str
end

-- Title and the like are apart from the text in a document, and are its beginning here.
function Pandoc(document)
    local before = {}
    local function add(value)
        local kind = pandoc.utils.type and pandoc.utils.type(value) or value.t
        if kind == 'Inlines' or kind == 'MetaInlines' then
            table.insert(before, pandoc.Para(value))
        elseif kind == 'Blocks' or kind == 'MetaBlocks' then
            for _, block in ipairs(value) do table.insert(before, block) end
        elseif kind == 'List' or kind == 'MetaList' then
            for _, one in ipairs(value) do add(one) end
        end
    end
    for _, key in ipairs { 'title', 'subtitle', 'author', 'date', 'abstract' } do
        if document.meta[key] then add(document.meta[key]) end
    end
    for i = #before, 1, -1 do table.insert(document.blocks, 1, before[i]) end
    return document
end
