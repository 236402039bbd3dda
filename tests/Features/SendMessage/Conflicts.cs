using Microsoft.Extensions.DependencyInjection;
using PatientResponse.Infrastructure.Storage;
using PatientResponse.Tests.Support;

namespace PatientResponse.Tests.Features.SendMessage;

/// <summary>A database that answers the next saves of a new message with a conflict that has nothing to do with it.</summary>
public sealed class Conflicts
{
    public int Left { get; set; }

    /// <summary>Put in front of the app's database; before its first use.</summary>
    public void Use(IServiceCollection services)
    {
        var real = services.Single(service => service.ServiceType == typeof(IDatabase));
        services.Remove(real);
        services.AddSingleton<IDatabase>(provider => new Database((IDatabase)real.ImplementationFactory!(provider), this));
    }

    private sealed class Database(IDatabase real, Conflicts conflicts) : DatabaseInFront(real)
    {
        protected override Task BeforeSaveAsync(IReadOnlyList<Change> changes)
        {
            if (conflicts.Left == 0 || !changes.Any(change => change.Parameters.Values.Contains("MessageSent")))
                return Task.CompletedTask;
            conflicts.Left--;
            throw new ConcurrencyException();
        }
    }
}
