package io.coffer.common.metadata.wire;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.RemovedNode;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** Makes random instances of records by reflection, every field of every alternative, nulls where they are allowed. */
@NullMarked
public final class RandomRecords {
    private static final int MAX_TRIES = 10_000;
    private static final String LETTERS = "ab/-\u0000é\u20ac";

    private final RandomGenerator random;

    public RandomRecords(RandomGenerator random) {
        this.random = random;
    }

    /** The records under a sealed interface, or the record itself. */
    public static List<Class<?>> leaves(Class<?> type) {
        List<Class<?>> leaves = new ArrayList<>();
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                leaves.addAll(leaves(permitted));
            }
        } else {
            leaves.add(type);
        }
        return leaves;
    }

    public <T> T instance(Class<T> type) {
        return type.cast(make(type, Map.of()));
    }

    private Object make(Type type, Map<String, Type> variables) {
        return switch (type) {
            case TypeVariable<?> variable -> make(variables.get(variable.getName()), variables);
            case ParameterizedType generic -> generic(generic, variables);
            case Class<?> plain -> plain(plain, Map.of());
            default -> throw new IllegalArgumentException("don't know " + type);
        };
    }

    private Object generic(ParameterizedType type, Map<String, Type> variables) {
        Class<?> raw = (Class<?>) type.getRawType();
        List<Type> arguments = new ArrayList<>();
        for (Type argument : type.getActualTypeArguments()) {
            arguments.add(argument instanceof TypeVariable<?> v ? variables.get(v.getName()) : argument);
        }
        if (raw == List.class) {
            List<Object> list = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                list.add(make(arguments.getFirst(), variables));
            }
            return list;
        }
        if (raw == Map.class) {
            Map<Object, Object> map = new HashMap<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                map.put(make(arguments.get(0), variables), make(arguments.get(1), variables));
            }
            return map;
        }
        Map<String, Type> bound = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            bound.put(raw.getTypeParameters()[i].getName(), arguments.get(i));
        }
        return plain(raw, bound);
    }

    private Object plain(Class<?> type, Map<String, Type> variables) {
        if (type == long.class || type == Long.class) {
            return random.nextInt(4) == 0 ? random.nextLong(Long.MAX_VALUE) : random.nextLong(12);
        }
        if (type == int.class) {
            return random.nextInt(4) == 0 ? random.nextInt(Integer.MAX_VALUE) : random.nextInt(8);
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == String.class) {
            return text();
        }
        if (type == UUID.class) {
            return new UUID(random.nextLong(), random.nextLong());
        }
        if (type == ByteBuffer.class) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
        }
        if (type == AccountId.class) {
            return new AccountId(String.format("%012d", random.nextLong(1_000_000_000_000L)));
        }
        if (type == ClusterMap.class) {
            return ClusterMap.of(
                    random.nextLong(100),
                    List.of(instance(Node.class)),
                    List.of(instance(Disk.class), instance(Disk.class)),
                    List.of(instance(Volume.class)),
                    List.of(),
                    List.of(instance(RemovedNode.class)));
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
        }
        if (type.isSealed()) {
            Class<?>[] permitted = type.getPermittedSubclasses();
            return plain(permitted[random.nextInt(permitted.length)], variables);
        }
        return record(type, variables);
    }

    private Object record(Class<?> type, Map<String, Type> variables) {
        RecordComponent[] components = type.getRecordComponents();
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            Object[] values = new Object[components.length];
            Class<?>[] types = new Class<?>[components.length];
            for (int i = 0; i < components.length; i++) {
                types[i] = components[i].getType();
                values[i] = component(components[i], variables);
            }
            try {
                Constructor<?> constructor = type.getDeclaredConstructor(types);
                constructor.setAccessible(true);
                return constructor.newInstance(values);
            } catch (InvocationTargetException e) {
                if (!(e.getCause() instanceof IllegalArgumentException)) {
                    throw new IllegalStateException("can't make a " + type, e.getCause());
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("can't make a " + type, e);
            }
        }
        throw new IllegalStateException("no valid " + type + " in " + MAX_TRIES + " tries");
    }

    private @Nullable Object component(RecordComponent component, Map<String, Type> variables) {
        if (component.getAnnotatedType().isAnnotationPresent(Nullable.class) && random.nextInt(3) == 0) {
            return null;
        }
        return make(component.getGenericType(), variables);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return random.nextInt(5) == 0 ? text.append("\ud83d\ude00").toString() : text.toString();
    }
}
