/* Types of .NET that no program says `new` for: a method makes their objects. */

interface Factory {
  readonly owner: string;
  readonly methods: readonly string[];
  readonly makes: RegExp;
}

const FACTORIES: readonly Factory[] = [
  {
    owner: 'System.Threading.CancellationTokenSource',
    methods: ['CreateLinkedTokenSource'],
    makes: /^System\.Threading\.CancellationTokenSource\+Linked\w*TokenSource$/,
  },
  {
    owner: 'System.IO.MemoryMappedFiles.MemoryMappedFile',
    methods: ['CreateViewAccessor', 'CreateViewStream'],
    makes: /^System\.IO\.MemoryMappedFiles\.MemoryMappedView(Accessor|Stream)?$/,
  },
  {
    owner: 'Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions',
    methods: ['CreateScope', 'CreateAsyncScope'],
    makes: /^Microsoft\.Extensions\.DependencyInjection\.ServiceLookup\.ServiceProviderEngineScope$/,
  },
  {
    owner: 'Microsoft.Extensions.DependencyInjection.IServiceScopeFactory',
    methods: ['CreateScope'],
    makes: /^Microsoft\.Extensions\.DependencyInjection\.ServiceLookup\.ServiceProviderEngineScope$/,
  },
  {
    owner: 'System.Diagnostics.ActivitySource',
    methods: ['StartActivity', 'CreateActivity'],
    makes: /^System\.Diagnostics\.Activity$/,
  },
];

/** Names of methods that make objects of these types. */
export function factoryMethods(types: Iterable<string>): ReadonlySet<string> {
  return new Set(factoriesOf(types).flatMap(({ methods }) => methods));
}

/** Types that have a method which makes objects of these types. */
export function factoryOwners(types: Iterable<string>): ReadonlySet<string> {
  return new Set(factoriesOf(types).map(({ owner }) => owner));
}

function factoriesOf(types: Iterable<string>): Factory[] {
  const all = [...types];
  return FACTORIES.filter(({ makes }) => all.some((type) => makes.test(type)));
}

/** Which of the types a method makes objects of. */
export function madeByFactory(owner: string, method: string, types: Iterable<string>): string[] {
  const factory = FACTORIES.find((one) => one.owner === owner && one.methods.includes(method));
  return factory === undefined ? [] : [...types].filter((type) => factory.makes.test(type));
}
