"""Expressions that give the same in Ansible and here, and the names that they read."""

NAMES: dict[str, object] = {
    "n": None,
    "t": True,
    "f": False,
    "i": 7,
    "neg": -3,
    "x": 2.5,
    "s": "Hello World",
    "e": "",
    "u": "Gr\u00fc\u00dfe Welt",
    "nums": [3, 1, 2, 3],
    "mix": ["b", "A", "a", "B"],
    "d": {"b": 1, "a": 2, "C": 3},
    "nested": {"a": {"x": 1, "l": [1, 2]}, "b": {"y": 2}},
    "nested2": {"a": {"z": 3, "l": [2, 3]}},
    "people": [
        {"name": "bob", "age": 5, "g": "x"},
        {"name": "Ann", "age": 3, "g": "Y"},
        {"name": "cid", "age": 9, "g": "X"},
    ],
    "gaps": [{"a": 1}, {"b": 2}, {"a": None}],
    "ll": [[1, [2, None]], [3, "null"]],
    "path": "/var/log/x.tar.gz",
    "ml": "one\ntwo\n\nthree\n",
    "res": {"failed": True, "changed": False},
    "loopres": {"results": [{"changed": False}, {"changed": True}]},
    "lines": "a1\nb22\n",
    "j": '{"a": [1, 2.5, null]}',
    "b": "SGVsbG8=",
}

FILTERS = r"""
s | bool
'yes' | bool
'TRUE' | bool
1 | bool
1.0 | bool
2 | bool
n | bool
'on' | bool
'12' | int
'1.9' | int
'x' | int(5)
'ff' | int(0, 16)
n | int
t | int
x | int
'1e3' | float
'x' | float(1)
i | string
nums | string
n | string
undefd | default('z')
undefd.x.y | default('z')
d.nope | default(1)
n | default(1)
e | default('q', true)
f | default('q', true)
e | default('q')
n | default('q', true)
i | default
t | ternary('a','b')
n | ternary('a','b','c')
e | ternary(undefd, 'b')
nested | combine(nested2)
nested | combine(nested2, recursive=True)
nested | combine(nested2, recursive=True, list_merge='append')
nested | combine(nested2, recursive=True, list_merge='prepend_rp')
nested | combine(nested2, recursive=True, list_merge='append_rp')
nested | combine(nested2, list_merge='append')
[nested, nested2] | combine
{} | combine
[] | combine
d | dict2items
d | dict2items(key_name='k', value_name='v')
d | dict2items | items2dict
s | dict2items
people | items2dict(key_name='name', value_name='age')
people | items2dict
s | regex_search('W\w+')
s | regex_search('(W)(o)', '\\1', '\\2')
s | regex_search('(?P<q>W)', '\\g<q>')
s | regex_search('zzz')
s | regex_search('(z)?H', '\\1')
s | regex_search('hello')
s | regex_search('hello', ignorecase=true)
ml | regex_search('^two$', multiline=True)
lines | regex_search('22$')
lines | regex_search('\d+\s*$')
lines | regex_replace('\s+$', '')
lines | regex_replace('$', '!')
lines | regex_replace('^', '>', multiline=true)
lines | regex_findall('$')
lines | regex_findall('[a-z]\d+')
s | regex_findall('o')
s | regex_findall('(o)(.)')
s | regex_findall('(o).')
s | regex_findall('x*')
u | regex_findall('\w+')
u | regex_search('\w+')
u | regex_replace('[\W_]', '-')
s | regex_replace('o', '0')
s | regex_replace('(l+)', '<\\1>')
s | regex_replace('(?P<v>[aeiou])', '[\\g<v>]')
s | regex_replace('o', '0', count=1)
s | regex_replace('o', '0', mandatory_count=3)
s | regex_replace('', '-')
s | regex_replace('l*', '-')
s | regex_replace('x*', '-')
i | regex_replace('7', '8')
'a.b+c' | regex_escape
'a.b*c$' | regex_escape('posix_basic')
nums | join(',')
nums | join
people | join(', ', attribute='name')
d | join
n | join
i | join
s | join('-')
s | split
s | split('o')
s | split('o', 1)
'a,b,,c' | split(',')
i | split
nums | length
s | length
d | length
i | length
nums | count
nums | first
[] | first
s | first
d | first
nums | last
nums | min
mix | min
mix | max
[] | max
people | max(attribute='age')
people | min(attribute='name')
people | min(attribute='name', case_sensitive=true)
nums | sum
people | sum(attribute='age')
[] | sum
[] | sum(start=3)
[1.5, 2] | sum
ll | sum(start=[])
mix | sum
nums | sort
mix | sort
mix | sort(case_sensitive=true)
nums | sort(reverse=true)
people | sort(attribute='name') | map(attribute='name') | list
people | sort(attribute='g,name') | map(attribute='name') | list
[1, 'a'] | sort
d | sort
nums | unique
mix | unique
mix | unique(case_sensitive=true)
people | unique(attribute='g') | map(attribute='name') | list
[[1],[1],[2]] | unique
[{'a':1},{'a':1}] | unique
nums | union([5, 1]) | sort
nums | intersect([3, 9])
nums | difference([3])
nums | symmetric_difference([3, 9]) | sort
ll | union([[1]])
ll | intersect([[3, 'null']])
ll | difference([[3, 'null']])
ll | flatten
ll | flatten(levels=1)
ll | flatten(skip_nulls=false)
ll | flatten(1)
s | flatten
people | map(attribute='name')
people | map(attribute='name') | list
people | map(attribute='zip', default='?') | list
people | map(attribute='zip') | list
gaps | map(attribute='a') | select('defined') | list
gaps | map(attribute='a', default=5) | list
mix | map('upper') | list
mix | map('replace', 'a', 'z') | list
[1.234, 2.567] | map('round', 1) | list
nums | select('odd') | list
nums | select('>', 1) | list
nums | select | list
nums | reject('eq', 3) | list
nums | select('in', [1, 2]) | list
people | selectattr('age', 'gt', 4) | map(attribute='name') | list
people | selectattr('age') | list | length
people | rejectattr('name', 'match', '^A') | map(attribute='name') | list
gaps | selectattr('a', 'defined') | list
gaps | selectattr('a') | list
gaps | rejectattr('a') | list
gaps | selectattr('a', 'eq', 1) | list
people | groupby('g')
people | groupby('g', case_sensitive=true)
(people | groupby('g') | first).grouper
(people | groupby('g') | first).list | length
people | groupby('age') | map(attribute='grouper') | list
gaps | groupby('b')
s | list
d | list
nums | list
s | lower
s | upper
s | capitalize
u | upper
'hello wORLD-foo (bar)' | title
' x ' | trim
'xxaxx' | trim('x')
s | replace('o', '0')
s | replace('o', '0', 1)
i | replace(7, 8)
'abcdefghij klm nop' | truncate(10)
'abcdefghij klm nop' | truncate(10, true)
'abcdefghij klm nop' | truncate(10, true, '', 0)
'abcdefghij klm nop' | truncate(2)
ml | indent
ml | indent(2, true)
ml | indent(2, true, true)
ml | indent('> ')
2.5 | round
3.5 | round
2.567 | round(2)
2.567 | round(1, 'floor')
2.567 | round(1, 'ceil')
i | round
1234 | round(-2)
neg | abs
x | abs
s | abs
d | to_json
people | to_json
u | to_json
u | to_json(ensure_ascii=false)
d | to_json(indent=2, sort_keys=true)
d | to_nice_json
nested | to_nice_json(indent=2)
n | to_json
j | from_json
'[1' | from_json
path | basename
path | dirname
path | splitext
'a//b/../c' | normpath
'C:\\x\\y.txt' | win_basename
'C:\\x\\y.txt' | win_dirname
"it's" | quote
e | quote
n | quote
undefd | mandatory
i | mandatory
undefd | mandatory('why')
nums | zip([1,2]) | list
nums | zip_longest([1], fillvalue=0) | list
nums | zip([1,2], [4,5,6]) | list
nums | batch(3) | list
nums | batch(3, 0) | list
nums | slice(3) | list
nums | slice(3, 0) | list
range(3) | list
range(1, 10, 4) | list
d | dictsort
d | dictsort(true)
d | dictsort(by='value', reverse=true)
d | items | list
s | b64encode
b | b64decode
u | b64encode
u | b64encode(encoding='utf-16-le')
u | b64encode(urlsafe=true)
s | hash
s | hash('md5')
s | hash('sha256')
s | checksum
s | md5
u | sha1
1024 | human_readable
123456789 | human_readable
10 | human_readable
1024 | human_readable(isbits=true)
123456789 | human_readable(unit='K')
'10 MB' | human_to_bytes
'10' | human_to_bytes('K')
'1.5 kilobyte' | human_to_bytes
'10 QB' | human_to_bytes
'1Mb' | human_to_bytes(isbits=true)
2 | pow(3)
100 | log(10)
8 | root(3)
nums | reverse | list
s | reverse
'%s-%05d' | format(s, i)
'%(a)s' | format(a=3)
s | center(21)
s | wordcount
'a b&c' | urlencode
{'a': 1, 'b': 'x y'} | urlencode
0 | extract(nums)
['a', 'b'] | map('extract', d) | list
'a' | extract(nested, 'x')
'a' | extract(nested, ['l', 1])
nums | type_debug
[1, 2] | product([3, 4]) | list
nums[10] | default('no')
d.keys() | list
d.values() | list
d.items() | list
'tab' | regex_search('\bab')
s | ansible.builtin.upper
ansible_x | d
[[1,2],[3]] | map('first') | list
[[1,2],[3]] | map('sum') | list
nums | map('string') | join('+')
d | map('upper') | list
['a','b'] | zip(nums) | map('join','=') | list
nums | map('regex_replace', '^', 'n') | list
mix | select('match', '[ab]') | list
mix | map('lower') | unique | list
people | map(attribute='name') | map('upper') | sort | join(' ')
{'a': none} | to_json
[1, [2, (3, 4)]] | to_json
1.0 | to_json
1e20 | string
""".strip().splitlines()

TESTS = r"""
undefd is defined
i is defined
undefd is undefined
undefd.x is undefined
d.zz is defined
n is none
t is boolean
1 is boolean
i is integer
t is integer
x is float
i is number
t is number
s is string
d is mapping
nums is mapping
nums is sequence
s is sequence
d is sequence
s is iterable
i is iterable
4 is even
3 is odd
3.0 is odd
9 is divisibleby(3)
3 is in(nums)
3 is eq(3)
3 is ne(4)
3 is lt(4)
3 is ge(4)
s is match('Hello')
s is match('World')
s is search('World')
s is regex('^H.*d$')
s is match('hello', ignorecase=true)
s is regex('Hello', match_type='match')
lines is search('22$')
nums is contains(3)
s is contains('ell')
d is contains('a')
[1] is subset(nums)
nums is superset([1, 9])
[true, 0] is any
[true, 0] is all
[] is all
'x' is truthy
'no' is truthy(convert_bool=true)
'no' is truthy
'no' is falsy(convert_bool=true)
0 is falsy
'1.2.3' is version('1.10', '<')
'1.2.3' is version('1.2.3')
'1.2b1' is version('1.2', '<', strict=true)
'1.2.3-rc1' is version('1.2.3', '<', version_type='semver')
'1.2rc1' is version('1.2', '<', version_type='pep440')
'a' is version('1', '<')
'1.2' is version('', '<')
'1' is version('1', 'zz')
res is failed
res is succeeded
res is success
res is changed
loopres is changed
res is skipped
res is unreachable
res is reachable
s is failed
d is failed
s is lower
'abc' is lower
'ABC' is upper
t is sameas(true)
1 is sameas(true)
t is true
f is false
n is sameas none
s is not match('x')
1 if undefd is defined else 2
nums is not subset([1])
""".strip().splitlines()

OTHERS = r"""
[] | max is defined
i + 1
i / 2
i // 2
i % 4
2 ** 10
2 ** -1
s ~ i ~ n
s + '!'
nums + [4]
'a' * 3
[0] * 2
1 < i < 10
3 in nums
'zz' not in s
'a' in d
not t
t and 'x'
n or 'y'
f or n
-i
+i
s[0:5]
nums[::-1]
nums[-1]
s[1]
d['b']
d.b
nested.a.l[1]
('a', 1)
['a', i]
{'k': [1, t]}
'y' if t else 'n'
'y' if f
s.upper()
s.split('o')
s.replace('l', 'L')
s.startswith('He')
d.get('zz', 5)
d.get('b')
nums.index(2)
'%s' % s
'%d items' % i
i == 7.0
'1' == 1
d == {'a': 2, 'b': 1, 'C': 3}
1 == true
undefd
undefd.x
d.nope
s.nope
i < s
n < 1
1 / 0
'\d' == '\\d'
'a\tb'
dict(a=1, b=2)
1_000
true and none
"{{ s }}" ~ i
[1,2,3][1:]
(1, 2) + (3,)
s in ['Hello World']
[1, 2] < [1, 3]
'a' < 'b'
d.b == 1 and d.a > 1
'abc'[::-1]
0.1 + 0.2
""".strip().splitlines()
